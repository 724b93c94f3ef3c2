using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Klock.Cli.Doors;

/// <summary>What went wrong on the way to a server, in words of people: what .NET says about it names its own parts.</summary>
internal static class HttpFailures
{
    /// <summary>The end of a sentence that begins with the server.</summary>
    public static string Describe(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its name is not known",
        HttpRequestError.SecureConnectionError => $"there is no secure connection to it ({Innermost(failure)})",
        HttpRequestError.ProxyTunnelError => "the proxy let nobody through",
        HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError => "it ended the connection before it had answered",
        HttpRequestError.InvalidResponse => "what it answered is not HTTP",
        _ when Socket(failure) is { SocketErrorCode: SocketError.AddressNotAvailable } => "there is nobody at its address",
        _ => Socket(failure) is { } socket ? OfSystem(socket.NativeErrorCode) : "the connection broke",
    };

    private static string OfSystem(int errno)
    {
        string text = Marshal.GetPInvokeErrorMessage(errno);
        return text.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : $"error {errno}";
    }

    private static SocketException? Socket(Exception? failure) =>
        failure is null or SocketException ? failure as SocketException : Socket(failure.InnerException);

    private static string Innermost(Exception failure) =>
        failure.InnerException is { } inner ? Innermost(inner) : failure.Message.TrimEnd('.');
}
