using System.Runtime.InteropServices;

namespace Klock.Native.Bench;

/// <summary>The library through its C interface, with as little as possible of our own around each call.</summary>
internal sealed unsafe class BenchedKlock : IDisposable
{
    private const string RelativePath = "artifacts/native-test/libklock-test.so";
    private const int LeaseIdBytes = 32;

    private readonly delegate* unmanaged<nint, byte*, byte*> _acquire;
    private readonly delegate* unmanaged<nint, byte*, byte*> _release;
    private readonly delegate* unmanaged<nint, byte*, byte*> _echo;
    private readonly delegate* unmanaged<byte*, void> _free;
    private readonly delegate* unmanaged<nint, void> _close;
    private readonly nint _handle;
    private readonly byte[] _releaseJson = [.. "{\"lease_id\":\"00000000000000000000000000000000\"}\0"u8];

    public BenchedKlock(string path)
    {
        nint library = NativeLibrary.Load(path);
        _acquire = (delegate* unmanaged<nint, byte*, byte*>)NativeLibrary.GetExport(library, "klock_acquire");
        _release = (delegate* unmanaged<nint, byte*, byte*>)NativeLibrary.GetExport(library, "klock_release");
        _echo = (delegate* unmanaged<nint, byte*, byte*>)NativeLibrary.GetExport(library, "klock_test_echo");
        _free = (delegate* unmanaged<byte*, void>)NativeLibrary.GetExport(library, "klock_free");
        _close = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "klock_close");
        _handle = ((delegate* unmanaged<byte*, byte**, nint>)NativeLibrary.GetExport(library, "klock_open"))(null, null);
    }

    /// <summary>The test flavour, in the checkout that this program was built in.</summary>
    public static string FindLibrary()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, RelativePath)))
            {
                return Path.Combine(folder, RelativePath);
            }
        }

        throw new FileNotFoundException($"{RelativePath} is not built: run ./build.sh bench from the top of the repo.");
    }

    /// <summary>Acquires and keeps the lease; the text ends with a NUL.</summary>
    public void Hold(ReadOnlySpan<byte> acquireJson)
    {
        fixed (byte* json = acquireJson)
        {
            _free(Granted(_acquire(_handle, json)));
        }
    }

    /// <summary>Acquires a lease and releases it again.</summary>
    public void AcquireAndRelease(ReadOnlySpan<byte> acquireJson)
    {
        fixed (byte* json = acquireJson)
        fixed (byte* release = _releaseJson)
        {
            byte* granted = Granted(_acquire(_handle, json));
            // {"success":true,"data":{"lease_id":"
            Buffer.MemoryCopy(granted + 36, release + 13, LeaseIdBytes, LeaseIdBytes);
            _free(granted);
            _free(Granted(_release(_handle, release)));
        }
    }

    /// <summary>Has the library read a text as JSON and write it again.</summary>
    public void Echo(ReadOnlySpan<byte> text)
    {
        fixed (byte* json = text)
        {
            _free(_echo(_handle, json));
        }
    }

    public void Dispose() => _close(_handle);

    // {"success":true
    private static byte* Granted(byte* answer) =>
        answer[11] == 't' ? answer : throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)answer));
}
