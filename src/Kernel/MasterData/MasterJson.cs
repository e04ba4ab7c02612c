using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Plug1.Kernel.MasterData;

/// <summary>Reads what was sent: strictly, so that a misspelt member is refused and not passed over.</summary>
public static partial class MasterJson
{
    private const int Deepest = 16;

    /// <summary>How bodies are read.</summary>
    public static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        MaxDepth = Deepest,
    };

    /// <summary>Reads a whole body.</summary>
    public static Result<T> Read<T>(ReadOnlySpan<byte> body)
        where T : class => Parse(body) is { IsRefused: false } parsed ? Read<T>(parsed.Value) : Parse(body).Refusal!;

    /// <summary>Merges a change over what stands: a member that is null clears, one that is left out stays.</summary>
    /// <remarks>Source: RFC 7396, JSON Merge Patch. Lists are replaced as a whole.</remarks>
    public static Result<T> Merge<T>(T standing, ReadOnlySpan<byte> patch)
        where T : class
    {
        var parsed = Parse(patch);
        if (parsed.IsRefused) return parsed.Refusal;
        var target = JsonSerializer.SerializeToNode(standing, Strict)!.AsObject();
        foreach (var (name, value) in parsed.Value) target[name] = value?.DeepClone();
        return Read<T>(target);
    }

    private static Result<JsonObject> Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var node = JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { MaxDepth = Deepest, AllowDuplicateProperties = false });
            if (node is not JsonObject parsed) return MasterRefusals.BodyInvalid("The body must be a JSON object.", null);
            return HasZero(parsed) ? MasterRefusals.BodyInvalid("A text contains the character zero.", null) : parsed;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or InvalidOperationException)
        {
            return MasterRefusals.BodyInvalid("The body is not well-formed JSON.", null);
        }
    }

    private static Result<T> Read<T>(JsonObject parsed)
        where T : class
    {
        try
        {
            return parsed.Deserialize<T>(Strict)!;
        }
        catch (JsonException failure)
        {
            var at = PointerOf(failure.Path);
            if (!failure.Message.Contains("missing required", StringComparison.Ordinal)) return MasterRefusals.BodyInvalid($"{at ?? "The body"} cannot be read.", at);
            var missing = Quoted().Matches(failure.Message).Select(match => match.Groups["name"].Value).Where(name => char.IsAsciiLetterLower(name[0])).ToList();
            return MasterRefusals.BodyInvalid($"Missing: {string.Join(", ", missing)}.", missing.Count > 0 ? $"{at}/{missing[0]}" : at);
        }
        catch (InvalidOperationException)
        {
            return MasterRefusals.BodyInvalid("A text is no valid Unicode.", null);
        }
    }

    private static bool HasZero(JsonNode? node) => node switch
    {
        JsonObject members => members.Any(member => member.Key.Contains('\0', StringComparison.Ordinal) || HasZero(member.Value)),
        JsonArray items => items.Any(HasZero),
        JsonValue value => value.TryGetValue<string>(out var text) && text.Contains('\0', StringComparison.Ordinal),
        _ => false,
    };

    /// <summary><c>$.components[0].rate</c> is <c>/components/0/rate</c>; the body itself has no pointer.</summary>
    private static string? PointerOf(string? path)
    {
        if (path is null or "$") return null;
        var pointer = new StringBuilder();
        foreach (var step in path[1..].Split('.', '[', ']'))
            if (step.Length > 0) pointer.Append('/').Append(step.Trim('\''));
        return pointer.ToString();
    }

    [GeneratedRegex("'(?<name>[A-Za-z]+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
