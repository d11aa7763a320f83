"""As peer.js, with Python's zlib and gzip: the deflate family, without `params` and what only Node has."""

import gzip
import json
import struct
import sys
import zlib

WBITS = {'Deflate': 1, 'Inflate': 1, 'DeflateRaw': -1, 'InflateRaw': -1, 'Gzip': 0, 'Gunzip': 0, 'Unzip': 2}


def wbits(mode, options):
    bits = options.get('windowBits', 15) or 15
    kind = WBITS[mode]
    return kind * bits if kind in (1, -1) else bits + (16 if kind == 0 else 32)


def pack(mode, options, steps, once):
    data = b''.join(rest for verb, rest in steps if verb == b'w')
    if once and not set(options) - {'level'}:
        if mode == 'Gzip':
            return gzip.compress(data, options.get('level', -1))
        return zlib.compress(data, options.get('level', -1), wbits(mode, options))
    dictionary = {'zdict': options['dictionary']} if 'dictionary' in options and mode != 'Gzip' else {}
    packer = zlib.compressobj(options.get('level', -1), zlib.DEFLATED, wbits(mode, options),
                              options.get('memLevel', 8), options.get('strategy', 0), **dictionary)
    out = []
    for verb, rest in steps:
        out.append(packer.compress(rest) if verb == b'w' else packer.flush(int(rest)))
    out.append(packer.flush())
    return b''.join(out)


def unpack(mode, options, steps, once):
    data = b''.join(rest for _, rest in steps)
    if once and mode == 'Gunzip':
        return gzip.decompress(data)
    if once and mode != 'Unzip' and 'dictionary' not in options:
        return zlib.decompress(data, wbits(mode, options))
    dictionary = {'zdict': options['dictionary']} if 'dictionary' in options and mode != 'Gunzip' else {}
    out = []
    unpacker = zlib.decompressobj(wbits(mode, options), **dictionary)
    for _, rest in steps:
        while rest:
            if unpacker.eof:
                unpacker = zlib.decompressobj(wbits(mode, options), **dictionary)
            out.append(unpacker.decompress(rest, options.get('chunkSize', 16384)))
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    out.append(unpacker.flush())
    if not unpacker.eof:
        raise ValueError('unexpected end')
    return b''.join(out)


def answer(form, mode, options, *steps):
    mode, options = mode.decode(), json.loads(options)
    if 'dictionary' in options:
        options['dictionary'] = bytes.fromhex(options['dictionary'])
    steps = [(step[:1], step[1:]) for step in steps]
    work = pack if mode in ('Deflate', 'DeflateRaw', 'Gzip') else unpack
    try:
        return work(mode, options, steps, form == b'sync'), b'', b''
    except Exception as error:
        return b'', f'error {error!r}'.encode(), b''


def number():
    head = sys.stdin.buffer.read(4)
    return struct.unpack('<I', head)[0] if head else None


while (count := number()) is not None:
    fields = answer(*[sys.stdin.buffer.read(number()) for _ in range(count)])
    sys.stdout.buffer.write(struct.pack('<I', len(fields)))
    for field in fields:
        sys.stdout.buffer.write(struct.pack('<I', len(field)) + field)
    sys.stdout.buffer.flush()
