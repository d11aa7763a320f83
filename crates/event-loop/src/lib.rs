//! Node's event loop on real libuv.
