using System.Buffers;
using Klock.Coordinator.Json;

namespace Klock.Coordinator.Tickets;

/// <summary>The answers of a ticket desk.</summary>
internal static class TicketJson
{
    public static void WriteTicket(ArrayBufferWriter<byte> answer, long number)
    {
        JsonText json = Start(answer);
        json.WriteNumber("ticket"u8, number);
        Answers.EndData(ref json);
        json.Finish();
    }

    public static void WriteCancelled(ArrayBufferWriter<byte> answer, Ticket ticket)
    {
        JsonText json = Start(answer);
        json.WriteNumber("ticket"u8, ticket.Number);
        json.WriteBoolean("cancelled"u8, !ticket.HasGotWhatStays);
        if (ticket.HasGotWhatStays)
        {
            json.WritePropertyName("answer"u8);
            json.WriteRawValue(ticket.Wait.Answer.WrittenSpan);
        }

        Answers.EndData(ref json);
        json.Finish();
    }

    public static void WriteCollected(ArrayBufferWriter<byte> answer, List<Ticket> tickets, int open)
    {
        JsonText json = Start(answer);
        json.WriteStartArray("answers"u8);
        foreach (Ticket ticket in tickets)
        {
            json.WriteStartObject();
            json.WriteNumber("ticket"u8, ticket.Number);
            json.WritePropertyName("answer"u8);
            json.WriteRawValue(ticket.Wait.Answer.WrittenSpan);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("open"u8, open);
        Answers.EndData(ref json);
        json.Finish();
    }

    private static JsonText Start(ArrayBufferWriter<byte> answer)
    {
        var json = new JsonText(answer);
        Answers.StartData(ref json);
        return json;
    }
}
