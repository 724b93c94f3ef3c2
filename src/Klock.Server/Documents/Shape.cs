using System.Text.Json.Nodes;
using Klock.Coordinator.Json;
using Microsoft.OpenApi;

namespace Klock.Server.Documents;

/// <summary>Shorthands for schemas.</summary>
internal static class Shape
{
    /// <summary>A string.</summary>
    public static OpenApiSchema Text(string meaning) => new() { Type = JsonSchemaType.String, Description = meaning };

    /// <summary>A string, or null when there is none.</summary>
    public static OpenApiSchema TextOrNull(string meaning) =>
        new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = meaning };

    /// <summary>An integer from 0.</summary>
    public static OpenApiSchema Number(string meaning) =>
        new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0", Description = meaning };

    /// <summary>A boolean that is always this.</summary>
    public static OpenApiSchema Always(bool value, string? meaning = null) =>
        new() { Type = JsonSchemaType.Boolean, Enum = [JsonValue.Create(value)], Description = meaning };

    /// <summary>One of a few names.</summary>
    public static OpenApiSchema OneOf(string meaning, params IEnumerable<string> names) =>
        new() { Type = JsonSchemaType.String, Description = meaning, Enum = [.. names.Select(name => (JsonNode)JsonValue.Create(name))] };

    /// <summary>A list.</summary>
    public static OpenApiSchema ListOf(IOpenApiSchema items, string meaning) =>
        new() { Type = JsonSchemaType.Array, Items = items, Description = meaning };

    /// <summary>An object with all these fields.</summary>
    public static OpenApiSchema Object(string meaning, params (string Name, IOpenApiSchema Schema)[] fields) =>
        ObjectWith(meaning, fields, [.. fields.Select(field => field.Name)]);

    /// <summary>An object with all these fields, of which some are not always there.</summary>
    public static OpenApiSchema ObjectWithOptional(
        string meaning, (string Name, IOpenApiSchema Schema)[] fields, params string[] optional) =>
        ObjectWith(meaning, fields, [.. fields.Select(field => field.Name).Except(optional)]);

    /// <summary>An object of which only some fields are always there.</summary>
    public static OpenApiSchema ObjectWith(string meaning, (string Name, IOpenApiSchema Schema)[] fields, string[] required) => new()
    {
        Type = JsonSchemaType.Object,
        Description = meaning,
        Properties = fields.ToDictionary(field => field.Name, field => field.Schema),
        Required = required.ToHashSet(),
    };

    /// <summary>An answer: what was asked for.</summary>
    public static OpenApiSchema Data(IOpenApiSchema data) => Object("What was asked for.", ("success", Always(true)), ("data", data));

    /// <summary>An answer: a page of a list, or all of it.</summary>
    public static OpenApiSchema Page(IOpenApiSchema items, string meaning, Func<string, IOpenApiSchema>? cursor = null) =>
        ObjectWithOptional(
            "What was asked for.",
            [
                ("success", Always(true)), ("data", ListOf(items, meaning)),
                ("next", (cursor ?? Number)("Only where a limit was given and there is more: after of the next page.")),
            ],
            "next");

    /// <summary>A field of a request, by the shape that it is parsed by.</summary>
    public static OpenApiSchema Of(RequestField field)
    {
        FieldShape shape = field.Shape;
        JsonSchemaType orNull = field.IsRequired ? default : JsonSchemaType.Null;
        string meaning = $"{field.Meaning}: {shape.Allowed}.";
        return shape.Type switch
        {
            FieldType.Text => new OpenApiSchema
            {
                Type = JsonSchemaType.String | orNull, Description = meaning, MinLength = (int)shape.Min, MaxLength = (int)shape.Max,
            },
            FieldType.Integer => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer | orNull, Description = meaning, Minimum = $"{shape.Min}", Maximum = $"{shape.Max}",
            },
            FieldType.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = meaning },
            FieldType.Name => OneOf(meaning, shape.Names),
            _ => new OpenApiSchema
            {
                Type = JsonSchemaType.Array, Description = meaning, MinItems = (int)shape.Min, MaxItems = (int)shape.Max,
                Items = Of("One intent.", RequestShapes.Intent),
            },
        };
    }

    /// <summary>A request.</summary>
    public static OpenApiSchema Of(string meaning, IEnumerable<RequestField> fields)
    {
        RequestField[] all = [.. fields];
        return ObjectWith(
            meaning, [.. all.Select(field => (field.Shape.Name, (IOpenApiSchema)Of(field)))],
            [.. all.Where(field => field.IsRequired).Select(field => field.Shape.Name)]);
    }
}
