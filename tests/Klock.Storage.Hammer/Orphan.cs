namespace Klock.Storage.Hammer;

/// <summary>A process that hammers must not outlive the tests that started it, however they ended.</summary>
internal static class Orphan
{
    private const int ExitCode = 3;

    /// <summary>From now on the process ends when its standard input does, which its parent holds open as long as it lives.</summary>
    public static void EndsWithItsParent() => new Thread(WaitForTheEnd) { IsBackground = true, Name = "orphan" }.Start();

    private static void WaitForTheEnd()
    {
        using Stream input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
            // Nothing is expected.
        }

        Environment.Exit(ExitCode);
    }
}
