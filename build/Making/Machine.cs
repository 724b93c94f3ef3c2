using System.Runtime.InteropServices;

namespace Klock.Build.Making;

/// <summary>A machine that Klock is built for, and where what is built for it lies. src/Machine.props has the same folders.</summary>
/// <param name="Name">As .NET names it: linux-x64, linux-arm64, osx-arm64, win-x64.</param>
internal sealed record Machine(string Name)
{
    /// <summary>The one that the build runs on.</summary>
    public static Machine Host { get; } = new((OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());

    /// <summary>Those that are built here: this one, and linux-arm64 by a cross compiler where that is another.</summary>
    public static Machine[] Built { get; } = Host.Name == "linux-x64" ? [Host, new Machine("linux-arm64")] : [Host];

    public bool IsHost => Name == Host.Name;

    public bool IsLinux => Name.StartsWith("linux-", StringComparison.Ordinal);

    /// <summary>bin/ and lib/ of what is native. Headers, manual and the like are the same for all: they are in dist/ alone.</summary>
    public string Folder => IsHost ? Repo.Dist : Repo.At("artifacts", "machines", Name, "dist");

    /// <summary>Where packages for it are put together.</summary>
    public string Staging => Repo.At("artifacts", "machines", Name, "packing");

    public string Library => Path.Combine(Folder, "lib", Path.GetFileName(Repo.NativeLibrary));

    public string[] Programs => [ProgramIn("klock"), ProgramIn("klock-server")];

    /// <summary>What a project is told to be built for it.</summary>
    public string[] Properties => IsHost ? [] : [$"-p:KlockMachine={Name}"];

    private string ProgramIn(string name) => Path.Combine(Folder, "bin", Path.GetFileName(Repo.Program(name)));
}
