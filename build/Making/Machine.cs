using System.Runtime.InteropServices;

namespace Klock.Build.Making;

/// <summary>A machine that Klock is built for, and where what is built for it lies. src/Machine.props has the same folders.</summary>
/// <param name="Name">As .NET names it: linux-x64, linux-arm64, osx-arm64, win-x64.</param>
internal sealed record Machine(string Name)
{
    /// <summary>The one that the build runs on.</summary>
    public static Machine Host { get; } = new((OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());

    /// <summary>Those that are built here: this one; and on linux-x64, which has a compiler for each, all others.</summary>
    public static Machine[] Built { get; } = Host.Name == "linux-x64"
        ? [Host, new Machine("linux-arm64"), new Machine("osx-arm64"), new Machine("win-x64")]
        : [Host];

    public bool IsHost => Name == Host.Name;

    public bool IsLinux => Name.StartsWith("linux-", StringComparison.Ordinal);

    public bool IsWindows => Name.StartsWith("win-", StringComparison.Ordinal);

    /// <summary>bin/ and lib/ of what is native. Headers, manual and the like are the same for all: they are in dist/ alone.</summary>
    public string Folder => IsHost ? Repo.Dist : Repo.At("artifacts", "machines", Name, "dist");

    /// <summary>Where packages for it are put together.</summary>
    public string Staging => Repo.At("artifacts", "machines", Name, "packing");

    /// <summary>libklock, which only Linux has.</summary>
    public string Library => Path.Combine(Folder, "lib", Path.GetFileName(Repo.NativeLibrary));

    public string[] Programs => [ProgramIn("klock"), ProgramIn("klock-server")];

    /// <summary>What was compiled for it: on Linux SQLite is in the programs, elsewhere it is a library beside them.</summary>
    public string[] Binaries =>
        IsLinux ? [Library, .. Programs] : [.. Programs, Path.Combine(Folder, "bin", IsWindows ? "e_sqlite3.dll" : "libe_sqlite3.dylib")];

    /// <summary>The licences of what is compiled into the products.</summary>
    public string Notices => Path.Combine(Folder, "THIRD-PARTY-NOTICES.txt");

    /// <summary>They belong to whatever holds one of the products.</summary>
    public string[] Licences => [Repo.At("LICENSE"), Notices];

    /// <summary>What a project is told to be built for it.</summary>
    public string[] Properties => IsHost ? [] : [$"-p:KlockMachine={Name}"];

    private string ProgramIn(string name) => Path.Combine(Folder, "bin", IsWindows ? name + ".exe" : name);
}
