using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Klock.Build.Running;
using Xunit;

namespace Klock.Build.Tests;

/// <summary>build.ps1 in the real engine of PowerShell: the program itself is in no registry, its engine is.</summary>
public sealed class PowerShellTests
{
    private static readonly string Script = Repo.At("build.ps1");

    [Fact]
    public async Task Help_is_what_the_shell_script_says()
    {
        using StringWriter shell = new();
        Child child = new(Repo.At("build.sh"), "help");
        Assert.Equal(0, await child.RunLoggedAsync(shell, TestContext.Current.CancellationToken));
        (string output, int code) = Run(["help"]);
        Assert.Equal(0, code);
        Assert.Equal(shell.ToString().Trim(), output.Trim());
        Assert.Contains("demo", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_and_the_exit_code_are_passed_on() => Assert.Equal(BuildFailure.NotRight, Run(["test", "no such suite"]).Code);

    [Fact]
    public void An_older_sdk_is_told_what_is_needed()
    {
        // What goes to [Console]::Error goes past the engine, so the code has to do; the sentence stands in both scripts.
        Assert.Equal(BuildFailure.NotRight, Run(["help"], before: "function global:dotnet { '9.0.100 [/usr/share/dotnet/sdk]' }").Code);
        const string Sentence = "Klock needs the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0) as 'dotnet' on PATH.";
        Assert.Contains(Sentence, File.ReadAllText(Script), StringComparison.Ordinal);
        Assert.Contains(Sentence, File.ReadAllText(Repo.At("build.sh")), StringComparison.Ordinal);
    }

    private static (string Output, int Code) Run(string[] arguments, string before = "")
    {
        using Runspace engine = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        engine.Open();
        using PowerShell shell = PowerShell.Create(engine);
        shell.AddScript(before).Invoke();
        shell.Commands.Clear();
        shell.AddCommand(Script);
        Array.ForEach(arguments, argument => shell.AddArgument(argument));
        IEnumerable<string> lines = shell.Invoke().Select(line => line.ToString());
        return (string.Join('\n', lines), (int)engine.SessionStateProxy.GetVariable("LASTEXITCODE"));
    }
}
