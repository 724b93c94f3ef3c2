using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Klock.Client.Files;
using Klock.Server.Startup;

namespace Klock.Server.Hosting;

/// <summary>
/// The file of a Unix socket: only its owner may connect, one that a dead server left behind is replaced, and no two servers use the
/// same.
/// </summary>
/// <remarks>
/// Checking who listens and taking the path are not atomic. So a server that does either holds the folder locked (flock(2), which ends
/// with the process), and a socket appears at its path only once it listens: it is bound beside it, and renamed.
/// </remarks>
/// <param name="path">The socket's absolute path.</param>
/// <param name="time">The clock.</param>
[SupportedOSPlatform("linux")]
internal sealed partial class UnixSocketFile(string path, TimeProvider time)
{
    private const int Backlog = 512;
    private const uint OwnerOnly = 0b000_111_111;
    private const int LockExclusively = 2;
    private const int DoNotBlock = 4;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    private FileFacts? _ours;

    /// <summary>From now on the process creates files that only their owner can use.</summary>
    public static void MakeFilesForOwnerAlone() => _ = SetMask(OwnerOnly);

    /// <summary>A socket that listens at the path.</summary>
    /// <exception cref="StartFailure">Something else is there, or another server listens on it.</exception>
    public Socket Listen()
    {
        using FolderLock folder = LockFolder();
        RefuseTaken();
        string beside = $".klock-{Environment.ProcessId}";

        // Through a descriptor of its folder, since the whole path of the temporary name may be too long for a socket.
        string aside = $"/proc/self/fd/{folder.Descriptor}/{beside}";
        File.Delete(aside);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(aside));
            socket.Listen(Backlog);
            FolderOwner.Give(aside);
            File.Move(aside, path, overwrite: true);
            _ours = FileFacts.Of(path, follows: false);
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new StartFailure($"--socket is '{path}', and it cannot be made there: {SystemTrouble.Of(failure)}.", failure);
        }
    }

    /// <summary>Deletes the file, unless another server uses the path by now.</summary>
    public void Remove()
    {
        if (_ours is null)
        {
            return;
        }

        try
        {
            using FolderLock folder = LockFolder();
            if (FileFacts.Of(path, follows: false) == _ours && !Answers(path))
            {
                File.Delete(path);
            }
        }
        catch (Exception failure) when (failure is StartFailure or IOException or UnauthorizedAccessException)
        {
            // The file stays: nobody listens there, and the next server replaces it.
        }
    }

    private void RefuseTaken()
    {
        try
        {
            if (FileFacts.Of(path, follows: false) is not { } there)
            {
                return;
            }

            if (there.Kind != FileKind.Socket)
            {
                throw new StartFailure($"--socket is '{path}', which is a file of another kind: it must be free, or left by a server.");
            }
        }
        catch (IOException failure)
        {
            throw new StartFailure($"--socket is '{path}', which cannot be looked at: {failure.Message}", failure);
        }

        if (Answers(path))
        {
            throw new StartFailure($"--socket is '{path}', where another server listens.");
        }
    }

    // Without blocking: a hung server still has a queue of connections, and a full queue is an answer too.
    private static bool Answers(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private FolderLock LockFolder()
    {
        string folder = Path.GetDirectoryName(path)!;
        int descriptor = Open(folder, OpenFlags.Folder | OpenFlags.CloseOnExec);
        if (descriptor < 0)
        {
            throw new StartFailure(Directory.Exists(folder)
                ? $"--socket is '{path}', and its folder cannot be read: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}."
                : $"--socket is '{path}', and there is no such folder.");
        }

        var held = new FolderLock(descriptor);
        long start = time.GetTimestamp();
        while (Lock(descriptor, LockExclusively | DoNotBlock) != 0)
        {
            if (time.GetElapsedTime(start) > _patience)
            {
                held.Dispose();
                throw new StartFailure($"--socket is '{path}', whose folder another program keeps locked.");
            }

            Thread.Sleep(_pause);
        }

        return held;
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    private sealed class FolderLock(int descriptor) : IDisposable
    {
        public int Descriptor => descriptor;

        public void Dispose() => _ = Close(descriptor);
    }
}
