using System.Text;
using Klock.Coordinator.Protocol;
using Xunit;

namespace Klock.Fuzz.Tests;

/// <summary>The fuzzer would notice a wrong answer.</summary>
public sealed class ExpectTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"data":[],"success":true}""")]
    [InlineData("""{"success":1}""")]
    [InlineData("""{"success":true,"data":[}""")]
    [InlineData("""{"success":false,"code":"INTERNAL","error":"a defect"}""")]
    [InlineData("""{"success":false,"code":"INVALID_REQUEST","error":""}""")]
    [InlineData("""{"success":false,"reason":"LATER","wait_time":0,"message":"","conflicts":[],"conflicts_total":0}""")]
    [InlineData("""{"success":false,"reason":"DIE","wait_time":1001,"message":"","conflicts":[],"conflicts_total":0}""")]
    [InlineData("""{"success":false,"reason":"DIE","wait_time":1,"message":"","conflicts":[{"lease_id":"1"}],"conflicts_total":1}""")]
    [InlineData("""{"success":false,"reason":"DIE","wait_time":1,"message":"","conflicts":[{}],"conflicts_total":0}""")]
    [InlineData("""{"success":false,"status":"Granted"}""")]
    public void Wrong_answer_is_noticed(string answer) =>
        Assert.Throws<BrokenRuleException>(() => { Expect.Answer(Encoding.UTF8.GetBytes(answer)); });

    [Fact]
    public void Answer_that_is_not_utf8_is_noticed() =>
        Assert.Throws<BrokenRuleException>(() => { Expect.Answer([(byte)'{', 0xFF, (byte)'}']); });

    [Fact]
    public void Defect_of_our_own_is_noticed_where_input_is_read() => Assert.Throws<BrokenRuleException>(() =>
        Expect.KlockExceptionOrNothing("{}"u8, static _ => throw new KlockException(ErrorCode.Internal, "a defect")));

    [Theory]
    [InlineData("""{"success":true,"data":{"evicted":0}}""", AnswerKind.Success)]
    [InlineData("""{"success":false,"status":"Die"}""", AnswerKind.Refusal)]
    [InlineData("""{"success":false,"code":"INVALID_REQUEST","error":"ttl is missing."}""", AnswerKind.BadRequest)]
    [InlineData("""{"success":false,"code":"UNKNOWN_LEASE","error":"No such lease."}""", AnswerKind.OtherError)]
    internal void Right_answer_is_told_apart(string answer, AnswerKind kind) =>
        Assert.Equal(kind, Expect.Answer(Encoding.UTF8.GetBytes(answer)));
}
