using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Plug1.Http;

/// <summary>How JSON is read and written: what is not expected is reported, never passed over.</summary>
public static class Plug1Json
{
    /// <summary>The options of every body.</summary>
    public static readonly JsonSerializerOptions Options = Make();

    /// <summary>Sets options that somebody else has made.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.ReadCommentHandling = JsonCommentHandling.Disallow;
        options.AllowTrailingCommas = false;
        options.MaxDepth = 32;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RefuseNullElements);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
    }

    /// <summary>Refuses null in a list: the reader itself checks the nullability of members, not that of elements.</summary>
    private static void RefuseNullElements(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        var lists = type.Properties.Where(property => property.Get is not null && typeof(IEnumerable<object>).IsAssignableFrom(property.PropertyType)).ToList();
        if (lists.Count == 0) return;
        type.OnDeserialized = made =>
        {
            foreach (var list in lists)
            {
                var at = 0;
                foreach (var element in (IEnumerable<object?>?)list.Get!(made) ?? [])
                {
                    if (element is null) throw new JsonException($"The element {at} of '{list.Name}' is null.");
                    at++;
                }
            }
        };
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
