using System.Runtime.InteropServices;

namespace Klock;

/// <summary>Flags of Linux' open(2). Two of them have other numbers on ARM (arch/arm64/include/uapi/asm/fcntl.h).</summary>
internal static class OpenFlags
{
    /// <summary>O_CLOEXEC: programs that this process starts do not get the descriptor.</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary>O_PATH: the descriptor only names the file.</summary>
    public const int PathOnly = 0x200000;

    private static readonly bool s_isArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>O_DIRECTORY: what is no folder is not opened.</summary>
    public static int Folder => s_isArm ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW: a symbolic link is not followed.</summary>
    public static int NoFollow => s_isArm ? 0x8000 : 0x20000;
}
