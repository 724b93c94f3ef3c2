using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Klock.Coordinator.Protocol;

namespace Klock.Storage.Journal;

/// <summary>Reads the files that a store's name gives: passwords, and the PEM files of TLS.</summary>
internal static class StorageFiles
{
    /// <summary>Reads a text.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: it cannot be read.</exception>
    public static string ReadText(string option, string file) =>
        Use(() => File.ReadAllText(file), problem => Bad(option, $"'{file}' cannot be read", problem));

    /// <summary>Reads the certificates of authorities, one at least.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: it cannot be used.</exception>
    public static X509Certificate2Collection ReadAuthorities(string option, string file)
    {
        X509Certificate2Collection found = Use(() => Import(file), problem => BadPem(option, file, problem));
        return found.Count > 0 ? found : throw BadPem(option, file, "it has no certificate");
    }

    /// <summary>Reads a certificate and its key.</summary>
    /// <param name="options">The options that name the files.</param>
    /// <param name="file">The certificate's file.</param>
    /// <param name="key">The key's file; null when it is in the same.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: one cannot be used.</exception>
    public static X509Certificate2 ReadCertificate(string options, string file, string? key) =>
        Use(() => X509Certificate2.CreateFromPemFile(file, key), problem => BadPem(options, file, problem));

    private static X509Certificate2Collection Import(string file)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return found;
    }

    private static T Use<T>(Func<T> read, Func<string, KlockException> bad)
    {
        try
        {
            return read();
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw bad(unusable.Message.TrimEnd('.'));
        }
    }

    private static KlockException BadPem(string option, string file, string problem) =>
        Bad(option, $"the PEM file '{file}' cannot be used", problem);

    private static KlockException Bad(string option, string what, string problem) =>
        new(ErrorCode.InvalidRequest, $"storage has the option {option}, and {what}: {problem}.");
}
