using Klock.Agents.Shell;

namespace Klock.Agents.Tests.Shell;

/// <summary>A fenced command is read as the command in it, and nothing else is.</summary>
public sealed class FencedCommandTests
{
    [Theory]
    [InlineData("klock", "make")]
    [InlineData("/opt/k/klock", "echo 'a' && echo \"it's\"")]
    [InlineData("'/a b/klock'", "''")]
    [InlineData("klock", "klock fence 'a' -- 'b'")]
    [InlineData("klock", "a\nb")]
    public void ReadGivesBackWhatWasWritten(string program, string command) =>
        Assert.Equal(command, FencedCommand.Read(FencedCommand.Write(program, "claude:s/a'b", command)));

    [Theory]
    [InlineData("make")]
    [InlineData("klock fence 'a' -- 'b' && rm x")]
    [InlineData("klock fence 'a' 'b'")]
    [InlineData("klock fence 'a' -- 'b")]
    [InlineData("klock fence 'a' -- b")]
    [InlineData("xklock fence 'a' -- 'b'")]
    [InlineData("klock fence a -- 'b'")]
    [InlineData(" fence 'a' -- 'b'")]
    [InlineData("klock fence ")]
    public void AnyOtherCommandStaysAsItIs(string command) => Assert.Equal(command, FencedCommand.Read(command));
}
