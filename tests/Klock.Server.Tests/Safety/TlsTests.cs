using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Safety;

/// <summary>TLS from PEM files.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answers_come_over_TLS_from_the_certificate_that_was_given()
    {
        string thumbprint = WriteCertificate();
        await using ServerProcess server = await ServerProcess.StartAsync("--tls-cert", _folder.At("cert.pem"), "--tls-key",
            _folder.At("key.pem"));
        Assert.Equal("https", server.Url.Scheme);
        string? seen = null;
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (seen =
                    ((X509Certificate2)certificate!).Thumbprint) == thumbprint,
            },
        };
        using var api = new Api(server.Url, handler: handler);
        (await api.AcquireAsync("a", "/tls")).Is(201);
        Assert.Equal(thumbprint, seen);
        Assert.DoesNotContain("HTTP/1.1 200", await RawConnection.AskAsync(server.Url, "GET", "/health"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_do_not_fit_are_one_line_and_exit_2()
    {
        WriteCertificate();
        (string Certificate, string Key, string Told)[] wrong =
        [
            ("cert.pem", "cert.pem", "--tls-key is"), ("cert.pem", "missing.pem", "there is no such file"),
            ("missing.pem", "key.pem", "there is no such file"), ("key.pem", "key.pem", "has no certificate"), (".", "key.pem", "a folder"),
        ];
        foreach ((string certificate, string key, string told) in wrong)
        {
            (int code, _, string errors) = await ServerProcess.RunAsync([], "--tls-cert", _folder.At(certificate), "--tls-key",
                _folder.At(key));
            Assert.Equal(2, code);
            Assert.StartsWith("klock serve: --tls-", errors, StringComparison.Ordinal);
            Assert.Contains(told, errors, StringComparison.Ordinal);
            Assert.Single(errors.Trim().Split('\n'));
        }
    }

    private string WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(_folder.At("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.At("key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }
}
