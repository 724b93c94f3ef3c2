using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Klock.Coordinator.Protocol;
using Klock.Storage.Journal;

namespace Klock.Storage.Etcd;

/// <summary>The files with which a store speaks TLS, in PEM.</summary>
/// <param name="Authority">Certificates of the authorities that may have signed etcd's; null for those that the system knows.</param>
/// <param name="Certificate">One's own certificate; null for none. Others in its file are not sent: etcd must know them itself.</param>
/// <param name="Key">The key of that; null when it is in the same file.</param>
internal sealed record TlsFiles(string? Authority, string? Certificate, string? Key)
{
    /// <summary>What a connection uses. The own certificate is read at every handshake: it may be renewed while the server runs.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: a file cannot be used.</exception>
    public SslClientAuthenticationOptions ToOptions()
    {
        var options = new SslClientAuthenticationOptions();
        if (Authority is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(StorageFiles.ReadAuthorities("ca", Authority));
        }

        if (Certificate is not null)
        {
            ReadCertificate().Dispose();
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => ReadCertificate();
        }

        return options;
    }

    private X509Certificate2 ReadCertificate() => StorageFiles.ReadCertificate(Key is null ? "cert" : "cert and key", Certificate!, Key);
}
