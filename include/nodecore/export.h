/** @file export.h How the library's functions are declared. */
#ifndef NODECORE_EXPORT_H
#define NODECORE_EXPORT_H

/* Linking statically needs no define; NODECORE_SHARED opts in to dllimport on Windows. */
#if defined(_WIN32) && defined(NODECORE_SHARED)
#define NODECORE_API __declspec(dllimport)
#elif defined(__GNUC__) && !defined(_WIN32)
#define NODECORE_API __attribute__((visibility("default")))
#else
#define NODECORE_API
#endif

#endif
