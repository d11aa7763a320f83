//! libuv's error numbers.

use crate::Code;

/// Pairs of libuv's number (negative) and code. On Unix libuv negates `errno`, so the numbers are the
/// platform's own; its other numbers are fixed.
const NUMBERS: &[(i32, Code)] = &[
    (-3000, Code::EAI_ADDRFAMILY),
    (-3001, Code::EAI_AGAIN),
    (-3002, Code::EAI_BADFLAGS),
    (-3003, Code::EAI_CANCELED),
    (-3004, Code::EAI_FAIL),
    (-3005, Code::EAI_FAMILY),
    (-3006, Code::EAI_MEMORY),
    (-3007, Code::EAI_NODATA),
    (-3008, Code::EAI_NONAME),
    (-3009, Code::EAI_OVERFLOW),
    (-3010, Code::EAI_SERVICE),
    (-3011, Code::EAI_SOCKTYPE),
    (-3013, Code::EAI_BADHINTS),
    (-3014, Code::EAI_PROTOCOL),
    (-4028, Code::EFTYPE),
    (-4080, Code::ECHARSET),
    (-4094, Code::UNKNOWN),
    (-4095, Code::EOF),
    (-libc::E2BIG, Code::E2BIG),
    (-libc::EACCES, Code::EACCES),
    (-libc::EADDRINUSE, Code::EADDRINUSE),
    (-libc::EADDRNOTAVAIL, Code::EADDRNOTAVAIL),
    (-libc::EAFNOSUPPORT, Code::EAFNOSUPPORT),
    (-libc::EAGAIN, Code::EAGAIN),
    (-libc::EALREADY, Code::EALREADY),
    (-libc::EBADF, Code::EBADF),
    (-libc::EBUSY, Code::EBUSY),
    (-libc::ECANCELED, Code::ECANCELED),
    (-libc::ECONNABORTED, Code::ECONNABORTED),
    (-libc::ECONNREFUSED, Code::ECONNREFUSED),
    (-libc::ECONNRESET, Code::ECONNRESET),
    (-libc::EDESTADDRREQ, Code::EDESTADDRREQ),
    (-libc::EEXIST, Code::EEXIST),
    (-libc::EFAULT, Code::EFAULT),
    (-libc::EFBIG, Code::EFBIG),
    (-libc::EHOSTUNREACH, Code::EHOSTUNREACH),
    (-libc::EINTR, Code::EINTR),
    (-libc::EINVAL, Code::EINVAL),
    (-libc::EIO, Code::EIO),
    (-libc::EISCONN, Code::EISCONN),
    (-libc::EISDIR, Code::EISDIR),
    (-libc::ELOOP, Code::ELOOP),
    (-libc::EMFILE, Code::EMFILE),
    (-libc::EMSGSIZE, Code::EMSGSIZE),
    (-libc::ENAMETOOLONG, Code::ENAMETOOLONG),
    (-libc::ENETDOWN, Code::ENETDOWN),
    (-libc::ENETUNREACH, Code::ENETUNREACH),
    (-libc::ENFILE, Code::ENFILE),
    (-libc::ENOBUFS, Code::ENOBUFS),
    (-libc::ENODEV, Code::ENODEV),
    (-libc::ENOENT, Code::ENOENT),
    (-libc::ENOMEM, Code::ENOMEM),
    #[cfg(target_os = "linux")]
    (-libc::ENONET, Code::ENONET),
    (-libc::ENOPROTOOPT, Code::ENOPROTOOPT),
    (-libc::ENOSPC, Code::ENOSPC),
    (-libc::ENOSYS, Code::ENOSYS),
    (-libc::ENOTCONN, Code::ENOTCONN),
    (-libc::ENOTDIR, Code::ENOTDIR),
    (-libc::ENOTEMPTY, Code::ENOTEMPTY),
    (-libc::ENOTSOCK, Code::ENOTSOCK),
    (-libc::ENOTSUP, Code::ENOTSUP),
    (-libc::EOVERFLOW, Code::EOVERFLOW),
    (-libc::EPERM, Code::EPERM),
    (-libc::EPIPE, Code::EPIPE),
    (-libc::EPROTO, Code::EPROTO),
    (-libc::EPROTONOSUPPORT, Code::EPROTONOSUPPORT),
    (-libc::EPROTOTYPE, Code::EPROTOTYPE),
    (-libc::ERANGE, Code::ERANGE),
    (-libc::EROFS, Code::EROFS),
    (-libc::ESHUTDOWN, Code::ESHUTDOWN),
    (-libc::ESPIPE, Code::ESPIPE),
    (-libc::ESRCH, Code::ESRCH),
    (-libc::ETIMEDOUT, Code::ETIMEDOUT),
    (-libc::ETXTBSY, Code::ETXTBSY),
    (-libc::EXDEV, Code::EXDEV),
    (-libc::ENXIO, Code::ENXIO),
    (-libc::EMLINK, Code::EMLINK),
    (-libc::EHOSTDOWN, Code::EHOSTDOWN),
    #[cfg(target_os = "linux")]
    (-libc::EREMOTEIO, Code::EREMOTEIO),
    (-libc::ENOTTY, Code::ENOTTY),
    (-libc::EILSEQ, Code::EILSEQ),
    (-libc::ESOCKTNOSUPPORT, Code::ESOCKTNOSUPPORT),
    #[cfg(target_os = "linux")]
    (-libc::ENODATA, Code::ENODATA),
    #[cfg(target_os = "linux")]
    (-libc::EUNATCH, Code::EUNATCH),
    (-libc::ENOEXEC, Code::ENOEXEC),
];

impl Code {
    /// The code of a negative libuv result; [`Code::UNKNOWN`] for a number libuv does not name.
    pub fn from_uv(errno: i32) -> Code {
        // EAGAIN and EWOULDBLOCK, ENOTSUP and EOPNOTSUPP are one number on Linux: the first row wins.
        NUMBERS.iter().find(|&&(number, _)| number == errno).map_or(Code::UNKNOWN, |&(_, code)| code)
    }

    /// libuv's number for a system code on this platform, negative.
    pub fn to_uv(self) -> Option<i32> {
        NUMBERS.iter().find(|&&(_, code)| code == self).map(|&(number, _)| number)
    }
}
