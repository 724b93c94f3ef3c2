using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>
/// A mount namespace in which some files are read-only: each is mounted upon itself (mount(2), MS_BIND), and that mount made read-only
/// (mount_setattr(2), Linux 5.12). Other processes do not see those mounts.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class Fence
{
    private const string SameUser = "same";
    private const nuint Bind = 4096;
    private const long MountSetAttributes = 442;
    private const int CurrentFolder = -100;

    // struct mount_attr: attr_set, attr_clr, propagation, userns_fd. MOUNT_ATTR_RDONLY is 1.
    private static readonly ulong[] _readOnly = [1, 0, 0, 0];

    private static readonly string[] _shells = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"];

    /// <summary>The arguments that run a command in a shell: bash where it is, as the clients themselves do.</summary>
    public static string[] Shell(string command) => [Array.Find(_shells, File.Exists) ?? "/bin/sh", "-c", command];

    /// <summary>Starts this program again in a namespace of that kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="arguments">Its arguments, given how <see cref="Become(string[], string)"/> gets the user back.</param>
    /// <exception cref="CliFailure">It cannot be started.</exception>
    public static int Enter(FenceKind kind, Func<string, string[]> arguments)
    {
        string user = kind.MapsUser ? $"{kind.Program}:{EffectiveUser()}:{EffectiveGroup()}" : SameUser;
        return Become([kind.Program, .. kind.Flags, "--", Environment.ProcessPath!, .. arguments(user)]);
    }

    /// <summary>Makes files read-only in this namespace; those that are gone are left out.</summary>
    /// <exception cref="CliFailure">One cannot be.</exception>
    public static void Close(IEnumerable<string> files)
    {
        foreach (string file in files.Where(File.Exists))
        {
            if (Mount(file, file, null, Bind, 0) != 0 || SetAttributes(MountSetAttributes, CurrentFolder, file, 0, _readOnly, 32) != 0)
            {
                string why = NativeCalls.ErrorText(Marshal.GetLastPInvokeError());
                throw new CliFailure(
                    ExitCode.CannotExecute, ErrorCode.InvalidRequest,
                    $"the command was not run: shell is fence, and {file} cannot be made read-only for it: {why}.");
            }
        }
    }

    /// <summary>Becomes a program, as the user that this process was before it entered the namespace.</summary>
    public static int Become(string[] command, string user) => user.Split(':') is [var program, var id, var group]
        ? Become([program, $"--map-user={id}", $"--map-group={group}", "--", .. command])
        : Become(command);

    /// <summary>Becomes a program.</summary>
    /// <exception cref="CliFailure">It cannot be started.</exception>
    public static int Become(string[] command)
    {
        int problem = NativeCalls.Become(command[0], command);
        throw new CliFailure(
            ExitCode.CannotExecute, ErrorCode.InvalidRequest, $"{command[0]} cannot be run: {NativeCalls.ErrorText(problem)}.");
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string? type, nuint flags, nint data);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint SetAttributes(long number, int folder, string path, uint flags, ulong[] attributes, nuint size);
}
