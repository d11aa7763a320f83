//! Loads the cases of tests/data and runs each through every form.

#![forbid(unsafe_code)]
