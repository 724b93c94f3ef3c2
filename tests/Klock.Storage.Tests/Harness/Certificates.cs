using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Klock.Storage.Tests.Harness;

/// <summary>An authority, and what it has signed, as PEM files in a folder.</summary>
internal sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset _from = TimeProvider.System.GetUtcNow().AddDays(-1);
    private static readonly DateTimeOffset _until = _from.AddDays(30);

    private readonly TemporaryFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public Certificates()
    {
        var request = new CertificateRequest("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(_from, _until);
        File.WriteAllText(Authority, _authority.ExportCertificatePem());
    }

    /// <summary>The file of the authority's certificate.</summary>
    public string Authority => _folder.At("ca.pem");

    /// <summary>Where a file of that name is.</summary>
    public string At(string name) => _folder.At(name);

    /// <summary>Writes NAME.pem and NAME.key, of a certificate for a host and for who calls.</summary>
    public (string Certificate, string Key) Sign(string name, IPAddress? host = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var hosts = new SubjectAlternativeNameBuilder();
        hosts.AddIpAddress(host ?? IPAddress.Loopback);
        request.CertificateExtensions.Add(hosts.Build());
        using X509Certificate2 signed = request.Create(_authority, _from, _until, RandomNumberGenerator.GetBytes(8));
        (string certificate, string keyFile) = (At(name + ".pem"), At(name + ".key"));
        File.WriteAllText(certificate, signed.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificate, keyFile);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }
}
