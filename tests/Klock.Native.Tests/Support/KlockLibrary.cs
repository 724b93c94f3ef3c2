using System.Runtime.InteropServices;
using System.Text;

namespace Klock.Native.Tests.Support;

/// <summary>One of the two built libraries, reached as a C host would: by the names it exports.</summary>
internal sealed unsafe class KlockLibrary
{
    private readonly nint _library;

    private KlockLibrary(string path) => _library = NativeLibrary.Load(path);

    /// <summary>dist/lib/libklock.so.</summary>
    public static KlockLibrary Product { get; } = new(Repo.Product);

    /// <summary>The flavour with a settable clock and seeded ids.</summary>
    public static KlockLibrary TestFlavour { get; } = new(Repo.TestFlavour);

    /// <summary>The address of an exported function.</summary>
    public nint Symbol(string name) => NativeLibrary.GetExport(_library, name);

    /// <summary>Opens by klock_open; a null or malformed text goes through as it is. 0 when it failed.</summary>
    public nint Open(string? options, out string? error) => Open("klock_open", options, out error);

    /// <summary>Opens by a function like klock_open.</summary>
    public nint Open(string function, string? options, out string? error)
    {
        fixed (byte* text = options is null ? null : Encoding.UTF8.GetBytes(options + '\0'))
        {
            byte* answer;
            nint handle = ((delegate* unmanaged<byte*, byte**, nint>)Symbol(function))(text, &answer);
            error = Take(answer);
            return handle;
        }
    }

    /// <summary>Closes by klock_close.</summary>
    public void Close(nint handle) => ((delegate* unmanaged<nint, void>)Symbol("klock_close"))(handle);

    /// <summary>Sends one request; the name is without "klock_", a null text is NULL.</summary>
    public string Send(nint handle, string name, string? json)
    {
        byte[]? utf8 = json is null ? null : Encoding.UTF8.GetBytes(json);
        return SendBytes(handle, name, utf8);
    }

    /// <summary>As <see cref="Send"/> with bytes that need not be text; a NUL is put after them.</summary>
    public string SendBytes(nint handle, string name, byte[]? bytes)
    {
        fixed (byte* text = bytes is null ? null : (byte[])[.. bytes, 0])
        {
            return SendPointer(handle, name, text);
        }
    }

    /// <summary>As <see cref="Send"/> with memory that the caller has laid out.</summary>
    public string SendPointer(nint handle, string name, byte* text)
    {
        nint function = Symbol("klock_" + name);
        byte* answer = name == "evict_expired"
            ? ((delegate* unmanaged<nint, byte*>)function)(handle)
            : ((delegate* unmanaged<nint, byte*, byte*>)function)(handle, text);
        return Take(answer) ?? throw new InvalidOperationException($"klock_{name} answered NULL.");
    }

    private string? Take(byte* answer)
    {
        string? text = Marshal.PtrToStringUTF8((nint)answer);
        ((delegate* unmanaged<byte*, void>)Symbol("klock_free"))(answer);
        return text;
    }
}
