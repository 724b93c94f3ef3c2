using System.Text.Json;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary><c>klock doctor</c>: it says that agents are protected only when their hook really blocks.</summary>
public sealed class DoctorTests : IDisposable
{
    private const int NotProtected = 14;
    private const string Qwens = ".qwen/settings.json";

    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void WithoutAnyClientItSaysSo() =>
        Assert.Contains("No coding agent was found", _place.Klock("doctor").Well().Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("claude")]
    [InlineData("opencode")]
    [InlineData("qwen")]
    [InlineData("copilot")]
    [InlineData("pi")]
    [InlineData("cline")]
    [InlineData("cursor")]
    public void AHookThatBlocksProtects(string client)
    {
        _place.Klock("install", client).Well();
        Assert.Contains($"{client}: protected", _place.Klock("doctor").Well().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void TheStoreThatTheEnvironmentNamesIsTheOneThatIsTold()
    {
        _place.Klock("install", "claude").Well();
        _place.Environment["KLOCK_STORAGE"] = $"sqlite:{_place.Folder}/other.db";
        Assert.Contains($"store: sqlite:{_place.Folder}/other.db", _place.Klock("doctor").Well().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etcd:http://127.0.0.1:2379", "etcd", "etcd:http://127.0.0.1:2379")]
    [InlineData("postgres://me:secret@127.0.0.1/db", "PostgreSQL", "postgres://me:***@127.0.0.1/db")]
    public void AStoreThatHooksCannotReachProtectsNobody(string storage, string engine, string shown)
    {
        _place.Klock("install", "claude").Well();
        _place.Environment["KLOCK_STORAGE"] = storage;
        Ran told = _place.Klock("doctor");
        Assert.Equal(NotProtected, told.Code);
        Assert.Contains(
            $"store: {shown}: NOT usable: a store in {engine} is reached through a server: set KLOCK_SERVER in place of KLOCK_STORAGE",
            told.Out, StringComparison.Ordinal);
        Assert.Contains("\"store_problem\":\"a store in", _place.Klock("doctor", "--json").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("codex", "/hooks")]
    [InlineData("gemini", "/permissions")]
    public void HooksThatTheClientSkipsProtectNobody(string client, string remedy)
    {
        _place.Klock("install", client).Well();
        JsonElement found = Examine(NotProtected);
        Assert.False(found.GetProperty("protected").GetBoolean());
        Assert.Contains(remedy, found.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/klock", "exit code 127")]
    [InlineData("true; : klock", "lets two agents edit one file")]
    [InlineData("sleep 60; klock", "did not end within 10 s")]
    public void AProgramThatIsMissingDoesNothingOrHangsIsFound(string program, string problem)
    {
        _place.Klock("install", "qwen").Well();
        string text = File.ReadAllText(_place.At(Qwens));
        File.WriteAllText(_place.At(Qwens), text.Replace(
            "\"klock hook qwen PreToolUse", $"\"{program} hook qwen PreToolUse", StringComparison.Ordinal));
        Assert.Contains(problem, Examine(NotProtected).GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatCannotBeReadIsFound()
    {
        _place.Klock("install", "qwen").Well();
        File.WriteAllText(_place.At(Qwens), "{");
        Assert.Contains(Qwens, Examine(NotProtected).GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    // Claude Code then drops the whole file, and all hooks in it.
    [Theory]
    [InlineData("\"onFailure\": \"block\"", "\"onFailure\": \"deny\"", "onFailure must be one of block, continue, not deny")]
    [InlineData("\"type\": \"command\"", "\"type\": \"shell\"", "type must be one of command")]
    [InlineData("\"type\": \"command\"", "\"typ\": \"command\"", "not none")]
    [InlineData("{", "{ // mine\n", "neither comments")]
    [InlineData("\"timeout\": 120", "\"timeout\": 0", "timeout must be a number above 0")]
    [InlineData("\"timeout\": 120", "\"timeout\": \"2m\"", "timeout must be a number above 0")]
    public void WhatMakesClaudeDropItsSettingsIsNamed(string good, string bad, string problem)
    {
        _place.Klock("install", "claude").Well();
        string file = _place.At(".claude", "settings.json"), text = File.ReadAllText(file);
        int at = text.IndexOf(good, text.IndexOf("\"PreToolUse\"", StringComparison.Ordinal), StringComparison.Ordinal);
        File.WriteAllText(file, text[..at] + bad + text[(at + good.Length)..]);
        string found = Examine(NotProtected).GetProperty("problem").GetString()!;
        Assert.Contains(file, found, StringComparison.Ordinal);
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "harmless")]
    [InlineData(true, "it does not run")]
    public void TwoProgramsAtTwoLevelsAreTold(bool isGone, string told)
    {
        _place.Klock("install", "qwen").Well();
        _place.Klock("install", "qwen", "--user").Well();
        Assert.DoesNotContain("both run", Warnings(0), StringComparison.Ordinal);
        string users = Path.Combine(_place.Home, Qwens);
        File.WriteAllText(users, File.ReadAllText(users).Replace(
            "\"klock hook", $"\"{(isGone ? "/nowhere/klock" : Repo.Klock)} hook", StringComparison.Ordinal));
        Assert.Contains(told, Warnings(isGone ? NotProtected : 0), StringComparison.Ordinal);
    }

    [Fact]
    public void HooksThatAreTurnedOffProtectNobody()
    {
        _place.Klock("install", "qwen").Well();
        _place.Environment["KLOCK_HOOKS"] = "off";
        Ran ran = _place.Klock("doctor");
        Assert.Equal(NotProtected, ran.Code);
        Assert.Contains("turned off", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void GitHooksThatRefuseAreProvedAndThoseThatAreMissingAreSaid()
    {
        string without = _place.Klock("doctor").Well().Out;
        Assert.Contains("git: commits are NOT checked: its hooks are not installed", without, StringComparison.Ordinal);
        _place.Klock("install", "git").Well();
        Assert.Contains("git: commits are checked, hooks in ", _place.Klock("doctor").Well().Out, StringComparison.Ordinal);
        JsonElement data = _place.Klock("doctor", "--json").Well().Json.GetProperty("data");
        Assert.True(data.GetProperty("git").GetProperty("checked").GetBoolean());
    }

    [Theory]
    [InlineData("klock hook", "true; : klock hook", "lets a commit through")]
    [InlineData("|| exit 15", "|| exit 15; exit 1", "refuses every commit")]
    [InlineData("-v klock", "-v /nowhere/klock", "lets a commit through")]
    public void GitHooksThatDoNotWorkAreFound(string text, string instead, string problem)
    {
        _place.Klock("install", "git").Well();
        string hook = _place.At(".git", "hooks", "pre-commit");
        File.WriteAllText(hook, File.ReadAllText(hook).Replace(text, instead, StringComparison.Ordinal));
        Ran ran = _place.Klock("doctor");
        Assert.Equal(NotProtected, ran.Code);
        Assert.Contains("git: commits are NOT checked", ran.Out, StringComparison.Ordinal);
        Assert.Contains(problem, ran.Out, StringComparison.Ordinal);
    }

    private string Warnings(int exitCode) => Examine(exitCode).GetProperty("warnings").GetRawText();

    private JsonElement Examine(int exitCode)
    {
        Ran ran = _place.Klock("doctor", "--json");
        Assert.Equal(exitCode, ran.Code);
        return ran.Json.GetProperty("data").GetProperty("clients")[0];
    }
}
