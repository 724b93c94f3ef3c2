using System.Net.Security;
using System.Net.Sockets;

namespace Klock.Cli.Transports;

/// <summary>Describes what went wrong on the way to a server, in plain words: .NET's own messages name its internals.</summary>
internal static class HttpFailures
{
    /// <summary>The end of a sentence whose subject is the server.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="certificate">What was wrong with the server's certificate, if it sent one.</param>
    public static string Describe(HttpRequestException failure, SslPolicyErrors certificate) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its name is not known",
        HttpRequestError.SecureConnectionError => Describe(certificate),
        HttpRequestError.ProxyTunnelError => "the proxy let nobody through",
        HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError => "it ended the connection before it had answered",
        HttpRequestError.InvalidResponse => "what it answered is not HTTP",
        _ when Socket(failure) is { SocketErrorCode: SocketError.AddressNotAvailable } => "there is nobody at its address",
        _ => Socket(failure) is { } socket ? SystemTrouble.Of(socket) : "the connection broke",
    };

    private static SocketException? Socket(Exception? failure) =>
        failure is null or SocketException ? failure as SocketException : Socket(failure.InnerException);

    private static string Describe(SslPolicyErrors certificate) =>
        certificate.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? "its certificate is not from anybody whom this machine trusts (SSL_CERT_FILE names whom else to trust)"
        : certificate.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "its certificate is for another name"
        : certificate != SslPolicyErrors.None ? "it has no certificate"
        : "there is no secure connection to it: is it http:// that it speaks?";
}
