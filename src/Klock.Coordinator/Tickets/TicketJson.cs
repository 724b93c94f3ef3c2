using System.Buffers;
using System.Text.Json;
using Klock.Coordinator.Json;

namespace Klock.Coordinator.Tickets;

/// <summary>The answers of a ticket desk.</summary>
internal static class TicketJson
{
    private static readonly JsonEncodedText _ticket = JsonEncodedText.Encode("ticket");

    public static void WriteTicket(ArrayBufferWriter<byte> answer, long number)
    {
        using Utf8JsonWriter json = Start(answer);
        json.WriteNumber(_ticket, number);
        Answers.EndData(json);
    }

    public static void WriteCancelled(ArrayBufferWriter<byte> answer, Ticket ticket)
    {
        using Utf8JsonWriter json = Start(answer);
        json.WriteNumber(_ticket, ticket.Number);
        json.WriteBoolean("cancelled"u8, !ticket.HasChangedLease);
        Answers.EndData(json);
    }

    public static void WriteCollected(ArrayBufferWriter<byte> answer, List<Ticket> tickets, int open)
    {
        using Utf8JsonWriter json = Start(answer);
        json.WriteStartArray("answers"u8);
        foreach (Ticket ticket in tickets)
        {
            json.WriteStartObject();
            json.WriteNumber(_ticket, ticket.Number);
            json.WritePropertyName("answer"u8);
            json.WriteRawValue(ticket.Wait.Answer.WrittenSpan, skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("open"u8, open);
        Answers.EndData(json);
    }

    private static Utf8JsonWriter Start(ArrayBufferWriter<byte> answer)
    {
        var json = new Utf8JsonWriter(answer, Answers.WriterOptions);
        Answers.StartData(json);
        return json;
    }
}
