using System.Diagnostics;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>How a mount namespace can be had here: by root as such, by anybody else in a user namespace.</summary>
/// <param name="Program">The path of <c>unshare</c>.</param>
/// <param name="Flags">Its flags.</param>
internal sealed record FenceKind(string Program, string[] Flags)
{
    private const string NewUser = "--user";

    private static readonly string[] _folders = ["/usr/bin", "/bin", "/usr/sbin"];

    /// <summary>Whether the command's own user has to be set again inside.</summary>
    public bool MapsUser => Flags.Contains(NewUser);

    /// <summary>The kind that works here.</summary>
    /// <exception cref="CliFailure">None does.</exception>
    public static FenceKind Find()
    {
        string program = Array.Find(_folders, folder => File.Exists(Path.Combine(folder, "unshare"))) is { } folder
            ? Path.Combine(folder, "unshare")
            : throw Impossible("the program unshare (util-linux) is not there");
        string problem = "";
        foreach (FenceKind kind in new FenceKind[] { new(program, ["--mount"]), new(program, [NewUser, "--map-root-user", "--mount"]) })
        {
            if ((problem = kind.Problem()).Length == 0)
            {
                return kind;
            }
        }

        throw Impossible(problem);
    }

    private static CliFailure Impossible(string why) => new(
        ExitCode.CannotExecute, ErrorCode.InvalidRequest,
        $"the command was not run: shell is fence, and here no file can be made read-only for it: {why}. With shell = \"watch\" it would.");

    private string Problem()
    {
        using Process tried = Process.Start(new ProcessStartInfo(Program, [.. Flags, "true"])
        {
            UseShellExecute = false, RedirectStandardError = true,
        })!;
        string said = tried.StandardError.ReadToEnd().Trim();
        tried.WaitForExit();
        return tried.ExitCode == 0 ? "" : said.Length == 0 ? $"unshare ended with {tried.ExitCode}" : said;
    }
}
