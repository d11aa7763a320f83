import './zlib.mjs';
