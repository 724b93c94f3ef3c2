using System.Text;
using Klock.Build.Making;

namespace Klock.Build.Releasing;

/// <summary>
/// klock.rb, the Homebrew formula: packaging/homebrew/klock.rb.in with the version, and each package's address and checksum.
/// </summary>
internal static class HomebrewFormula
{
    private const string Releases = "https://github.com/klock-protocol/klock/releases/download";

    private static readonly (string Machine, string Selector)[] _machines =
    [
        ("osx-arm64", "on_macos"), ("linux-x64", "on_linux"), ("linux-arm64", "on_linux"),
    ];

    /// <summary>Writes it for the packages that are in the folder.</summary>
    public static async Task WriteAsync(string folder, CancellationToken cancel)
    {
        StringBuilder packages = new();
        foreach ((string name, string selector) in _machines)
        {
            Machine machine = new(name);
            string file = Package.FileFor(machine);
            if (File.Exists(Path.Combine(folder, file)))
            {
                string processor = name.EndsWith("arm64", StringComparison.Ordinal) ? "on_arm" : "on_intel";
                packages.Append($"""

                      {selector} do
                        {processor} do
                          url "{Releases}/v{Repo.Version}/{file}"
                          sha256 "{ReleaseFiles.Sha256Of(Path.Combine(folder, file))}"
                        end
                      end

                    """.ReplaceLineEndings("\n"));
            }
        }

        string template = await File.ReadAllTextAsync(Repo.At("packaging", "homebrew", "klock.rb.in"), cancel);
        string formula = template.Replace("@VERSION@", Repo.Version, StringComparison.Ordinal)
            .Replace("@PACKAGES@\n", packages.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "klock.rb"), formula, cancel);
    }
}
