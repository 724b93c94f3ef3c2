using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>What the diaries of any hammer must show, or it has not been one.</summary>
internal static class Fairness
{
    public static void Check(IReadOnlyCollection<DiaryReader> diaries)
    {
        List<long> tokens = [.. diaries.SelectMany(diary => diary.Tokens)];
        int waits = diaries.Sum(diary => diary.RefusedAs("WAIT")), dies = diaries.Sum(diary => diary.RefusedAs("DIE"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{diaries.Count} workers: {tokens.Count} grants, {waits} WAIT, {dies} DIE");
        Assert.Equal(tokens.Count, tokens.Distinct().Count());
        Assert.All(diaries, diary => Assert.Equal(diary.Tokens.Order(), diary.Tokens));
        Assert.InRange(tokens.Count, 30, int.MaxValue);
        Assert.InRange(waits, 5, int.MaxValue);
        Assert.InRange(dies, 5, int.MaxValue);
    }
}
