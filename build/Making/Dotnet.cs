using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>
/// The calls of the .NET SDK. Restore is a call of its own, so that a missing network is not confused with code that does not compile.
/// </summary>
internal static class Dotnet
{
    /// <summary>Downloads the packages of a project or solution; on a build server exactly those of the lock files.</summary>
    public static Child Restore(string project, params string[] properties) =>
        new("dotnet", ["restore", project, "--nologo", "-v", "quiet", .. LockedOnCi(properties), .. properties]);

    /// <summary>Compiles what was restored.</summary>
    public static Child Build(string project) =>
        new("dotnet", "build", project, "-c", "Release", "--no-restore", "--nologo", "-v", "quiet");

    /// <summary>Compiles ahead of time what was restored; the project says where the result goes.</summary>
    public static Child Publish(string project, params string[] properties) =>
        new("dotnet", ["publish", project, "-c", "Release", "--no-restore", "--nologo", "-v", "quiet", .. properties]);

    // The lock files in the tree are those of linux-x64: see src/Machine.props.
    private static string[] LockedOnCi(string[] properties) =>
        Repo.IsCi && Machine.Host.Name == "linux-x64" && properties.Length == 0 ? ["--locked-mode"] : [];
}
