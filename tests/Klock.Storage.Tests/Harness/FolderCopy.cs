using System.Diagnostics;

namespace Klock.Storage.Tests.Harness;

/// <summary>Copies a folder with the owners and rights of all that is in it.</summary>
internal static class FolderCopy
{
    public static void Make(string from, string to)
    {
        using Process copy = Process.Start("cp", ["-a", from, to]);
        copy.WaitForExit();
        Xunit.Assert.Equal(0, copy.ExitCode);
    }
}
