namespace Klock.Cli.Output;

/// <summary>Asks a person, where there is one.</summary>
internal static class Question
{
    private const int Stdin = 0;

    /// <summary>Whether a person can be asked.</summary>
    public static bool CanBeAsked { get; } = Descriptor.IsTerminal(Stdin) && Out.IsErrorTerminal;

    /// <summary>Whether the answer is yes; anything else counts as no.</summary>
    public static bool IsAffirmed(string question)
    {
        Descriptor.Write(Descriptor.Stderr, System.Text.Encoding.UTF8.GetBytes($"{Safe.Line(question)} [y/N] "));
        using Stream input = Console.OpenStandardInput();
        byte[] answer = new byte[64];
        int got = input.Read(answer);
        return got > 0 && answer[0] is (byte)'y' or (byte)'Y';
    }
}
