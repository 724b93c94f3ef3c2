using Xunit;

namespace Klock.Storage.Tests.Harness;

/// <summary>Asks again until an answer comes that is expected: the machine may be busy, or an engine has just been started.</summary>
/// <remarks>A store without an answer says so at once, and often within a moment: a number of tries would soon be used up.</remarks>
internal static class Patience
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(20);

    /// <summary>The first answer that is expected.</summary>
    public static Answer Until(Func<Answer> ask, Predicate<Answer> isIt)
    {
        long start = TimeProvider.System.GetTimestamp();
        Answer answer = ask();
        while (!isIt(answer) && TimeProvider.System.GetElapsedTime(start) < _longest)
        {
            Thread.Sleep(50);
            answer = ask();
        }

        Assert.True(isIt(answer), answer.Text);
        return answer;
    }
}
