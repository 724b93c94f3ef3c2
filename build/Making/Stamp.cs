using System.Security.Cryptography;
using System.Text;

namespace Klock.Build.Making;

/// <summary>
/// Finds out whether an output is still what its inputs make, by content: time stamps are wrong after a checkout, and somebody may have
/// built the same file from other sources in between. What was made from what is recorded in artifacts/stamps.
/// </summary>
/// <param name="name">One word, unique to the step.</param>
/// <param name="inputs">Files and folders that the output depends on; what does not exist counts too.</param>
/// <param name="outputs">Lists the files made, as they are when it is called; at least one.</param>
internal sealed class Stamp(string name, IReadOnlyList<string> inputs, Func<IReadOnlyList<string>> outputs)
{
    private readonly string _file = Repo.At("artifacts", "stamps", name);
    private readonly string _inputHash = Hash(inputs);

    /// <summary>True when the outputs are there, unchanged, and were made from inputs equal to those of now.</summary>
    public bool IsFresh()
    {
        IReadOnlyList<string> files = outputs();
        return files.Count > 0 && files.All(File.Exists) && File.Exists(_file) && File.ReadAllText(_file) == Content();
    }

    /// <summary>Records that the outputs were just made from the inputs as they were when this object was created.</summary>
    public void Record()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        File.WriteAllText(_file, Content());
    }

    private string Content() => $"inputs {_inputHash}\noutputs {Hash(outputs())}\n";

    private static string Hash(IReadOnlyList<string> paths)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in paths.SelectMany(Files).Order(StringComparer.Ordinal))
        {
            byte[] content = File.Exists(file) ? File.ReadAllBytes(file) : [];
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(Repo.Top, file)}\n{content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Files(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => !IsByProduct(file))
        : [path];

    private static bool IsByProduct(string file) => file.EndsWith(".pyc", StringComparison.Ordinal)
        || file.Contains(".egg-info", StringComparison.Ordinal) || file.Contains("_cache", StringComparison.Ordinal);
}
