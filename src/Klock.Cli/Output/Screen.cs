using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock.Cli.Output;

/// <summary>Properties of the terminal.</summary>
internal static partial class Screen
{
    private const int UsualColumns = 80;
    private const int UsualRows = 24;

    // ioctl_tty(2).
    private const nuint GetWindowSize = 0x5413;

    /// <summary>Whether it can only write lines (TERM is dumb or not set).</summary>
    public static bool IsDumb { get; } = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";

    /// <summary>Whether it may have colours (https://no-color.org).</summary>
    public static bool HasColours { get; } = !IsDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>How many cells a line has, as it is now: COLUMNS, else what the system knows.</summary>
    public static int Columns => Given("COLUMNS") ?? (Size().Columns is > 0 and var known ? known : UsualColumns);

    /// <summary>How many lines it has, as it is now: LINES, else what the system knows.</summary>
    public static int Rows => Given("LINES") ?? (Size().Rows is > 0 and var known ? known : UsualRows);

    private static int? Given(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : null;

    private static (int Columns, int Rows) Size() =>
        !OperatingSystem.IsLinux() ? SizeElsewhere()
        : Control(Descriptor.Stdout, GetWindowSize, out WindowSize size) == 0 ? (size.Columns, size.Rows)
        : (0, 0);

    private static (int Columns, int Rows) SizeElsewhere()
    {
        try
        {
            return Console.IsOutputRedirected ? (0, 0) : (Console.WindowWidth, Console.WindowHeight);
        }
        catch (Exception unknown) when (unknown is IOException or PlatformNotSupportedException)
        {
            return (0, 0);
        }
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelsAcross;
        public ushort PixelsDown;
    }
}
