using System.Runtime.InteropServices;
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
    public static bool IsTerminal(int descriptor) => IsATerminal(descriptor) != 0;

    /// <summary>Writes a line of text.</summary>
    public static void WriteLine(int descriptor, string text) => Write(descriptor, Encoding.UTF8.GetBytes(text + "\n"));

    /// <summary>Writes all of it. A reader that has closed its end is no failure.</summary>
    /// <exception cref="CliFailure">It cannot be written, as on a full disk.</exception>
    public static unsafe void Write(int descriptor, ReadOnlySpan<byte> bytes)
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

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint WriteOnce(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATerminal(int descriptor);
}
