using System.Runtime.CompilerServices;

// Buffers on the stack are written before they are read, so clearing them first would be wasted.
[module: SkipLocalsInit]
