namespace Klock.Native;

/// <summary>A text that a C caller passed in: not copied, and valid only until the call returns.</summary>
/// <param name="json">The first byte, or NULL for no text at all.</param>
/// <param name="bytes">How many bytes; the shim reads at most one more than a request may have.</param>
internal readonly unsafe struct NativeText(byte* json, nuint bytes)
{
    /// <summary>Whether NULL was passed, which is not the same as an empty text.</summary>
    public bool IsNull => json == null;

    /// <summary>The bytes, without the NUL that ends them; NULL stands for an object without fields, where it is allowed at all.</summary>
    public ReadOnlySpan<byte> OrEmptyObject => IsNull ? "{}"u8 : new(json, (int)bytes);
}
