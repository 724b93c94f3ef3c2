using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Klock.Coordinator.Protocol;
using Klock.Server.Options;
using Klock.Server.Startup;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Klock.Server.Hosting;

/// <summary>Where the HTTP server listens, and its limits.</summary>
internal static class KestrelSetup
{
    // The longest useful request lists one resource: 4 KiB of path and two ids of 256 bytes, each byte as %xx.
    private const int LongestRequestLineBytes = 16 * 1024;
    private const int LongestHeadersBytes = 16 * 1024;

    // A body over Limits.RequestBytes is refused; up to here it is read, and discarded, so that its sender sees the answer.
    private const int LargestBodyBytes = 8 * Limits.RequestBytes;
    private const int SlowestBytesPerSecond = 240;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Configures the server.</summary>
    /// <exception cref="StartFailure">The certificate cannot be used.</exception>
    public static void Configure(KestrelServerOptions server, ServeOptions options)
    {
        server.AddServerHeader = false;
        Limit(server.Limits, options);
        HttpsConnectionAdapterOptions? tls = options.Tls is { } files ? ReadCertificate(files.Certificate, files.Key) : null;
        server.Listen(options.Address, options.Port, listen =>
        {
            if (tls is not null)
            {
                listen.UseHttps(tls);
            }
        });
        if (options.SocketPath is { } path)
        {
            server.ListenUnixSocket(path);
        }
    }

    private static void Limit(KestrelServerLimits limits, ServeOptions options)
    {
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxRequestBodySize = LargestBodyBytes;
        limits.MaxRequestLineSize = LongestRequestLineBytes;
        limits.MaxRequestHeadersTotalSize = LongestHeadersBytes;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
        limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, Grace);
    }

    private static HttpsConnectionAdapterOptions ReadCertificate(string certificate, string key)
    {
        string certificates = StartFile.Read("--tls-cert", certificate), keys = StartFile.Read("--tls-key", key);
        X509Certificate2Collection chain = [];
        try
        {
            chain.ImportFromPem(certificates);
        }
        catch (CryptographicException damaged)
        {
            throw new StartFailure($"--tls-cert is '{certificate}', and a certificate in it is damaged.", damaged);
        }

        if (chain.Count == 0)
        {
            throw new StartFailure($"--tls-cert is '{certificate}', which has no certificate: it must be a PEM file with one.");
        }

        try
        {
            return new HttpsConnectionAdapterOptions
            {
                ServerCertificate = X509Certificate2.CreateFromPem(certificates, keys), ServerCertificateChain = chain,
            };
        }
        catch (CryptographicException unusable)
        {
            throw new StartFailure(
                $"--tls-key is '{key}', which has no key of that certificate: it must be a PEM file with the private key, unencrypted.",
                unusable);
        }
    }
}
