using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Klock;

/// <summary>Why something could not be done to a file or a socket, in plain words.</summary>
/// <remarks>
/// The framework's own sentences name its internals, repeat the path, or are left out of programs that are compiled ahead of time.
/// </remarks>
internal static class SystemTrouble
{
    /// <summary>The end of a sentence, without its point.</summary>
    public static string Of(Exception failure) => failure switch
    {
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "its path is too long",
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "its folder does not exist",
        SocketException socket => OfSystem(socket.NativeErrorCode),
        // On Unix it holds the errno.
        IOException { HResult: > 0 } => OfSystem(failure.HResult),
        _ => "the system refused it",
    };

    private static string OfSystem(int errno)
    {
        string text = Marshal.GetPInvokeErrorMessage(errno);
        return text.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : $"error {errno}";
    }
}
