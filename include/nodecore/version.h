/** @file version.h The library's version. */
#ifndef NODECORE_VERSION_H
#define NODECORE_VERSION_H

#include <stdint.h>

#include "export.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The version of these headers. */
#define NODECORE_VERSION_MAJOR 0
#define NODECORE_VERSION_MINOR 1
#define NODECORE_VERSION_PATCH 0
/** 0xMMmmpp, for comparing: `#if NODECORE_VERSION_HEX >= 0x000100`. */
#define NODECORE_VERSION_HEX 0x000100

/** Returns the version of the library that is linked, as NODECORE_VERSION_HEX.
 *  Threads    any thread, any time.
 *  Since      0.1 */
NODECORE_API uint32_t nodecore_version(void);

/** Returns the version of the library that is linked, such as "0.1.0"; static, NUL-terminated.
 *  Threads    any thread, any time.
 *  Since      0.1 */
NODECORE_API const char *nodecore_version_string(void);

#ifdef __cplusplus
}
#endif

#endif
