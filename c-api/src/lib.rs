//! The C ABI of nodecore; the reference is `include/nodecore.h`. Conversion only, no logic.
