//! The events of an emitter by name.

use std::collections::HashMap;
use std::rc::Rc;

use crate::list::List;

/// Up to this many names are compared one after another; more are hashed.
const FEW: usize = 8;

pub(crate) struct Slot<C: Clone> {
    pub(crate) name: Rc<str>,
    /// The start of the name, compared first.
    head: u64,
    pub(crate) list: List<C>,
    /// When it got its first listener, on the emitter's clock: the order of event names.
    pub(crate) since: u64,
    /// Whether the warning of too many listeners was given.
    pub(crate) warned: bool,
    /// Whether it is among the free ones; it may have got listeners since.
    free: bool,
    /// How many listeners are on their way to it.
    reserved: u32,
}

impl<C: Clone> Slot<C> {
    #[inline]
    fn is(&self, name: &str, head: u64) -> bool {
        self.head == head && self.name.len() == name.len() && (name.len() <= 8 || *self.name == *name)
    }
}

/// The slots of an emitter. A slot that lost its listeners keeps its name until another name needs the place, so
/// that adding and removing a listener over and over allocates no name.
pub(crate) struct Slots<C: Clone> {
    slots: Vec<Slot<C>>,
    free: Vec<usize>,
    index: HashMap<Rc<str>, usize>,
    clock: u64,
}

/// Up to eight bytes of a name: all of them, for a name of that length.
#[inline]
fn head(name: &str) -> u64 {
    let bytes = name.as_bytes();
    if let Some(first) = bytes.first_chunk::<8>() {
        return u64::from_le_bytes(*first);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
    }
    let at = |index: usize| bytes.get(index).copied().map_or(0, u64::from);
    at(0) | at(1) << 8 | at(2) << 16
}

impl<C: Clone> Slots<C> {
    pub(crate) fn new() -> Slots<C> {
        Slots { slots: Vec::new(), free: Vec::new(), index: HashMap::new(), clock: 0 }
    }

    /// Many emitters have one event that matters: the first is looked at first.
    #[inline(always)]
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        let head = head(name);
        match self.slots.first() {
            Some(first) if first.is(name, head) => Some(0),
            Some(_) => self.position_behind(name, head),
            None => None,
        }
    }

    #[inline(never)]
    fn position_behind(&self, name: &str, head: u64) -> Option<usize> {
        if self.slots.len() > FEW {
            return self.index.get(name).copied();
        }
        self.slots.iter().position(|slot| slot.is(name, head))
    }

    #[inline(always)]
    pub(crate) fn find(&self, name: &str) -> Option<&Slot<C>> {
        self.slots.get(self.position(name)?)
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Slot<C>> {
        self.slots.get(index)
    }

    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut Slot<C>> {
        self.slots.get_mut(index)
    }

    /// The slot of `name`, a new one if it has none.
    pub(crate) fn place(&mut self, name: &str) -> usize {
        if let Some(index) = self.position(name) {
            return index;
        }
        while let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index];
            slot.free = false;
            if slot.list.is_empty() && slot.reserved == 0 {
                let old = std::mem::replace(&mut slot.name, name.into());
                slot.head = head(name);
                let name = Rc::clone(&slot.name);
                if self.index.remove(&old).is_some() {
                    self.index.insert(name, index);
                }
                return index;
            }
        }
        let (index, list) = (self.slots.len(), List::Empty);
        self.slots.push(Slot {
            name: name.into(),
            head: head(name),
            list,
            since: 0,
            warned: false,
            free: false,
            reserved: 0,
        });
        // So that losing a listener, as an emission may, allocates nothing.
        self.free.reserve(self.slots.len() - self.free.len());
        if index == FEW {
            self.index = self.slots.iter().map(|slot| Rc::clone(&slot.name)).zip(0..).collect();
        } else if index > FEW {
            self.index.insert(Rc::clone(&self.slots[index].name), index);
        }
        index
    }

    /// Keeps a slot for its name while user code runs.
    pub(crate) fn reserve(&mut self, index: usize) {
        self.slots[index].reserved += 1;
    }

    /// Ends what [`Slots::reserve`] began.
    pub(crate) fn release(&mut self, index: usize) {
        self.slots[index].reserved -= 1;
    }

    /// Notes that a slot is about to get its first listener.
    pub(crate) fn begin(&mut self, index: usize) {
        self.clock += 1;
        self.slots[index].since = self.clock;
    }

    /// Notes that a slot has lost listeners.
    pub(crate) fn lost(&mut self, index: usize) {
        let slot = &mut self.slots[index];
        // Node keeps its note on the array of listeners, which it has for two or more.
        if slot.list.entries().len() < 2 {
            slot.warned = false;
        }
        if slot.list.is_empty() && !slot.free {
            slot.free = true;
            self.free.push(index);
        }
    }

    /// The slots that have listeners.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Slot<C>> {
        self.slots.iter().filter(|slot| !slot.list.is_empty())
    }
}
