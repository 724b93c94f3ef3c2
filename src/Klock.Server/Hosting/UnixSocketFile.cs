using System.Net.Sockets;
using System.Runtime.InteropServices;
using Klock.Server.Options;

namespace Klock.Server.Hosting;

/// <summary>The file of a Unix socket: nobody but its owner may reach it, and one that a dead server left behind is removed.</summary>
internal static partial class UnixSocketFile
{
    private const uint OwnerOnly = 0b000_111_111;
    private const int AtCurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint ModeWanted = 0x2;
    private const int StatxBytes = 256;
    private const int ModeOffset = 28;
    private const int KindMask = 0xF000;
    private const int SocketKind = 0xC000;

    /// <summary>Makes sure that the path is free. From now on the process makes files for its owner alone.</summary>
    /// <exception cref="StartFailure">Something else is there, or another server listens on it.</exception>
    public static void Prepare(string path)
    {
        _ = SetMask(OwnerOnly);
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new StartFailure($"--socket is '{path}', and there is no such folder.");
        }

        if (!Path.Exists(path))
        {
            return;
        }

        if (!IsSocket(path))
        {
            throw new StartFailure($"--socket is '{path}', which is a file of another kind: it must be free, or left by a server.");
        }

        if (Answers(path))
        {
            throw new StartFailure($"--socket is '{path}', where another server listens.");
        }

        File.Delete(path);
    }

    private static bool Answers(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
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

    private static unsafe bool IsSocket(string path)
    {
        byte* buffer = stackalloc byte[StatxBytes];
        return ReadStatus(AtCurrentFolder, path, NoFollow, ModeWanted, buffer) == 0
            && (*(ushort*)(buffer + ModeOffset) & KindMask) == SocketKind;
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int ReadStatus(int folder, string path, int flags, uint mask, byte* buffer);
}
