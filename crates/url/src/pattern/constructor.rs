//! Pattern strings for whole URLs, split into components (<https://urlpattern.spec.whatwg.org/#constructor-string-parsing>).

use super::canonicalise;
use super::component::Component;
use super::init::{
    self, HASH, HOSTNAME, PASSWORD, PATHNAME, PORT, PROTOCOL, SEARCH, USERNAME, UrlPatternInit,
};
use super::parser::Options;
use super::tokenizer::{self, Kind, Policy, Token};

/// Where the parser is: in one of the components, or before it knows in which.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Init,
    Authority,
    In(usize),
    Done,
}

/// The components that `input` gives; `None` if what is before its first `:` is no pattern of a scheme.
pub(super) fn parse(input: &str) -> Option<UrlPatternInit> {
    let mut parser = Parser {
        input,
        tokens: tokenizer::tokenize(input, Policy::Lenient)?,
        result: UrlPatternInit::new(),
        start: 0,
        index: 0,
        increment: 1,
        depth: 0,
        brackets: 0,
        special: false,
        state: State::Init,
    };
    parser.run()?;
    let mut result = parser.result;
    if result.components[HOSTNAME].is_some() && result.components[PORT].is_none() {
        result = result.port("");
    }
    Some(result)
}

struct Parser<'i> {
    input: &'i str,
    tokens: Vec<Token>,
    result: UrlPatternInit,
    /// The token that the component starts with.
    start: usize,
    index: usize,
    increment: usize,
    /// Of braces.
    depth: u32,
    /// Of brackets in the host.
    brackets: i64,
    /// Whether the protocol matches a special scheme.
    special: bool,
    state: State,
}

impl Parser<'_> {
    fn run(&mut self) -> Option<()> {
        while let Some(token) = self.tokens.get(self.index) {
            self.increment = 1;
            match token.kind {
                Kind::End => match self.state {
                    State::Init => {
                        self.rewind(State::Init);
                        if self.is('#') {
                            self.change(State::In(HASH), 1);
                        } else if self.is_search_prefix() {
                            self.change(State::In(SEARCH), 1);
                        } else {
                            self.change(State::In(PATHNAME), 0);
                        }
                    }
                    State::Authority => self.rewind(State::In(HOSTNAME)),
                    _ => {
                        self.change(State::Done, 0);
                        return Some(());
                    }
                },
                Kind::Open => self.depth += 1,
                // No component ends within braces.
                Kind::Close if self.depth > 0 => {
                    self.depth -= 1;
                    self.step()?;
                }
                _ if self.depth > 0 => {}
                _ => self.step()?,
            }
            self.index += self.increment;
        }
        Some(())
    }

    /// Does with the token what the state says.
    fn step(&mut self) -> Option<()> {
        match self.state {
            State::Init if self.is(':') => self.rewind(State::In(PROTOCOL)),
            State::In(PROTOCOL) if self.is(':') => {
                self.special = self.has_special_protocol()?;
                if self.is_at(self.index + 1, '/') && self.is_at(self.index + 2, '/') {
                    self.change(State::Authority, 3);
                } else if self.special {
                    self.change(State::Authority, 1);
                } else {
                    self.change(State::In(PATHNAME), 1);
                }
            }
            State::Authority if self.is('@') => self.rewind(State::In(USERNAME)),
            State::Authority if self.is('/') || self.is_search_prefix() || self.is('#') => {
                self.rewind(State::In(HOSTNAME));
            }
            State::In(USERNAME) if self.is(':') => self.change(State::In(PASSWORD), 1),
            State::In(USERNAME | PASSWORD) if self.is('@') => self.change(State::In(HOSTNAME), 1),
            State::In(HOSTNAME) if self.is('[') => self.brackets += 1,
            State::In(HOSTNAME) if self.is(']') => self.brackets -= 1,
            State::In(HOSTNAME) if self.is(':') && self.brackets == 0 => self.change(State::In(PORT), 1),
            State::In(HOSTNAME | PORT) if self.is('/') => self.change(State::In(PATHNAME), 0),
            State::In(HOSTNAME | PORT | PATHNAME) if self.is_search_prefix() => {
                self.change(State::In(SEARCH), 1);
            }
            State::In(HOSTNAME | PORT | PATHNAME | SEARCH) if self.is('#') => self.change(State::In(HASH), 1),
            _ => {}
        }
        Some(())
    }

    fn rewind(&mut self, state: State) {
        self.index = self.start;
        self.increment = 0;
        self.state = state;
    }

    /// Ends the component, and goes on with the next, `skip` tokens further. What is less specific than the next and
    /// was not given is empty.
    fn change(&mut self, to: State, skip: usize) {
        if let State::In(component) = self.state {
            self.result.components[component] = Some(self.component().to_owned());
        }
        let from = match self.state {
            State::Authority => USERNAME,
            State::In(component) => component,
            State::Init | State::Done => usize::MAX,
        };
        if let State::In(to) = to {
            let components = &mut self.result.components;
            if from < HOSTNAME && to > HOSTNAME {
                components[HOSTNAME].get_or_insert_default();
            }
            if from < PATHNAME && to > PATHNAME {
                components[PATHNAME].get_or_insert_with(|| if self.special { "/" } else { "" }.to_owned());
            }
            if from < SEARCH && to > SEARCH {
                components[SEARCH].get_or_insert_default();
            }
        }
        self.state = to;
        self.index += skip;
        self.start = self.index;
        self.increment = 0;
    }

    /// The text from the component's start to here.
    fn component(&self) -> &str {
        let offset = |token: Option<&Token>| token.map_or(self.input.len(), |token| token.index as usize);
        let (start, end) = (offset(self.tokens.get(self.start)), offset(self.tokens.get(self.index)));
        self.input.get(start..end).unwrap_or_default()
    }

    fn has_special_protocol(&self) -> Option<bool> {
        let protocol = Component::compile(self.component(), Options::DEFAULT, canonicalise::protocol)?;
        Some(init::matches_special(&protocol))
    }

    fn is(&self, char: char) -> bool {
        self.is_at(self.index, char)
    }

    /// Whether a token is `char` and means nothing else.
    fn is_at(&self, index: usize, char: char) -> bool {
        self.tokens.get(index).is_some_and(|token| {
            matches!(token.kind, Kind::Char | Kind::EscapedChar | Kind::InvalidChar)
                && token.value(self.input).chars().eq([char])
        })
    }

    /// A `?` that starts the query, and is no modifier.
    fn is_search_prefix(&self) -> bool {
        if self.is('?') {
            return true;
        }
        let is_mark = self.tokens.get(self.index).is_some_and(|token| token.value(self.input) == "?");
        let previous = self.index.checked_sub(1).and_then(|index| self.tokens.get(index));
        is_mark
            && !previous.is_some_and(|token| {
                matches!(token.kind, Kind::Name | Kind::Regexp | Kind::Close | Kind::Asterisk)
            })
    }
}
