using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Output;

/// <summary>Writes to stdout or stderr by the system's own call.</summary>
/// <remarks>
/// The first line through System.Console starts a thread and handlers for signals and queries the terminal, all for editing input, which
/// klock never does. A FileStream would overwrite what another program appends to the same file.
/// </remarks>
internal static partial class Descriptor
{
    public const int Stdout = 1;
    public const int Stderr = 2;

    private const int Interrupted = 4;
    private const int BrokenPipe = 32;

    /// <summary>Whether it is a terminal.</summary>
    public static bool IsTerminal(int descriptor) =>
        OperatingSystem.IsWindows()
            ? !(descriptor == Stdout ? Console.IsOutputRedirected : Console.IsErrorRedirected)
            : IsATerminal(descriptor) != 0;

    /// <summary>Writes a line of text.</summary>
    public static void WriteLine(int descriptor, string text) => Write(descriptor, Encoding.UTF8.GetBytes(text + "\n"));

    /// <summary>Writes all of it. A reader that has closed its end is no failure.</summary>
    /// <exception cref="CliFailure">It cannot be written, as on a full disk.</exception>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        if (OperatingSystem.IsWindows())
        {
            WriteOnWindows(descriptor, bytes);
        }
        else
        {
            WriteByCall(descriptor, bytes);
        }
    }

    // Console streams take no notice of a reader that has closed its end.
    private static void WriteOnWindows(int descriptor, ReadOnlySpan<byte> bytes)
    {
        try
        {
            using Stream output = descriptor == Stdout ? Console.OpenStandardOutput() : Console.OpenStandardError();
            output.Write(bytes);
        }
        catch (IOException failure)
        {
            throw CliFailure.Of(ErrorCode.Internal, $"the output cannot be written: {failure.Message}", failure);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static unsafe void WriteByCall(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (nint done = 0; done < bytes.Length;)
            {
                nint written = WriteOnce(descriptor, start + done, bytes.Length - done);
                int problem = written < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (problem == BrokenPipe)
                {
                    return;
                }

                if (problem is not 0 and not Interrupted)
                {
                    throw CliFailure.Of(ErrorCode.Internal, $"the output cannot be written: {Marshal.GetPInvokeErrorMessage(problem)}.");
                }

                done += Math.Max(written, 0);
            }
        }
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint WriteOnce(int descriptor, byte* bytes, nint count);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATerminal(int descriptor);
}
