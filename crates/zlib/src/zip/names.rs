//! A map in the order of insertion, as JavaScript's `Map`.

use std::collections::HashMap;
use std::sync::Arc;

/// What is by name. A value that is replaced keeps its place.
#[derive(Clone, Debug)]
pub(crate) struct Names<V> {
    places: HashMap<Arc<str>, usize>,
    /// With holes where something was removed; never more holes than values.
    values: Vec<Option<(Arc<str>, V)>>,
}

impl<V> Default for Names<V> {
    fn default() -> Names<V> {
        Names { places: HashMap::new(), values: Vec::new() }
    }
}

impl<V> Names<V> {
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        let place = *self.places.get(name)?;
        self.values.get(place)?.as_ref().map(|(_, value)| value)
    }

    pub(crate) fn insert(&mut self, name: Arc<str>, value: V) {
        let place = *self.places.entry(Arc::clone(&name)).or_insert(self.values.len());
        match self.values.get_mut(place) {
            Some(slot) => *slot = Some((name, value)),
            None => self.values.push(Some((name, value))),
        }
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<V> {
        let place = self.places.remove(name)?;
        let (_, value) = self.values.get_mut(place)?.take()?;
        if self.values.len() > 2 * self.places.len() {
            self.values.retain(Option::is_some);
            for (place, (name, _)) in self.values.iter().flatten().enumerate() {
                if let Some(slot) = self.places.get_mut(name) {
                    *slot = place;
                }
            }
        }
        Some(value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &V)> {
        self.values.iter().flatten().map(|(name, value)| (name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn keeps_the_order_of_insertion() {
        let mut names = Names::default();
        for (value, name) in ["a", "b", "c", "d", "a"].into_iter().enumerate() {
            names.insert(name.into(), value);
        }
        let order =
            |names: &Names<usize>| names.iter().map(|(name, &n)| format!("{name}{n}")).collect::<String>();
        assert_eq!(order(&names), "a4b1c2d3");
        assert_eq!((names.remove("b"), names.remove("b"), names.remove("a")), (Some(1), None, Some(4)));
        names.insert("a".into(), 7);
        assert_eq!((order(&names), names.len(), names.get("d")), ("c2d3a7".into(), 3, Some(&3)));
        for name in ["c", "d", "a"] {
            names.remove(name);
        }
        assert_eq!(names.values.len(), 0);
    }
}
