using Plug1.Kernel.Values;

namespace Plug1.Kernel.Parties;

/// <summary>How the texts of a party are tidied, checked and found again.</summary>
public static class PartyText
{
    private const int NationalDigits = 9;

    /// <summary>Tidies what was entered: blanks at the ends go, an empty text is none, a telephone number becomes digits.</summary>
    public static PartyDraft Tidy(PartyDraft draft) => draft with
    {
        Name = draft.Name.Trim(),
        Number = Tidy(draft.Number),
        Phone = Tidy(draft.Phone) is { } phone ? Phone(phone) ?? phone : null,
        Email = Tidy(draft.Email),
        Card = Tidy(draft.Card),
        TaxId = Tidy(draft.TaxId),
        Country = Tidy(draft.Country),
    };

    /// <summary>Checks a tidied draft by itself.</summary>
    public static Result Check(PartyDraft draft) =>
        draft.Name.Length is 0 or > 200 || draft.Name.Any(char.IsControl) ? PartyRefusals.NameInvalid
        : draft.Number is { } number && !IsCode(number) ? PartyRefusals.NumberInvalid
        : draft.Phone is { } phone && Phone(phone) is null ? PartyRefusals.PhoneInvalid
        : draft.Email is { } email && !IsEmail(email) ? PartyRefusals.EmailInvalid
        : draft.Card is { } card && !IsCode(card) ? PartyRefusals.CardInvalid
        : draft.TaxId is { } taxId && !IsCode(taxId) ? PartyRefusals.TaxIdInvalid
        : draft.Country is { } country && !(country.Length == 2 && country.All(char.IsAsciiLetterUpper)) ? PartyRefusals.CountryInvalid
        : draft.State is not (PartyState.Active or PartyState.Blocked) ? PartyRefusals.StateInvalid
        : Result.Done;

    /// <summary>A telephone number as it is kept: <c>"+254 (700) 12-34"</c> is <c>"+2547001234"</c>; null when it is none.</summary>
    public static string? Phone(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        var rest = text.Where(letter => !char.IsAsciiDigit(letter)).ToList();
        var plus = text.TrimStart().StartsWith('+');
        var clean = rest.TrueForAll(letter => letter is ' ' or '-' or '(' or ')' or '.' or '/' or '+') && rest.Count(letter => letter == '+') == (plus ? 1 : 0);
        return clean && digits.Length is >= 3 and <= 20 ? (plus ? "+" : "") + digits : null;
    }

    /// <summary>The words by which a party is found: those of its name, its number, card and mail address whole, its telephone
    /// number with and without the country.</summary>
    public static IReadOnlyCollection<string> FoundBy(string name, string number, string? phone, string? email, string? card)
    {
        var words = new HashSet<string>(SearchText.Words(name), StringComparer.Ordinal) { SearchText.Fold(number) };
        if (card is not null) words.Add(SearchText.Fold(card));
        if (email is not null) words.Add(SearchText.Fold(email));
        if (phone is null) return words;
        var digits = phone.TrimStart('+');
        words.Add(digits);
        if (digits.Length > NationalDigits) words.Add(digits[^NationalDigits..]);
        else if (digits.StartsWith('0') && digits.Length > 3) words.Add(digits.TrimStart('0'));
        return words;
    }

    /// <summary>What is looked for, as beginnings of words, the longest first. A telephone number typed in groups is one.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> LookedFor(string text)
    {
        if (Phone(text) is { } phone)
        {
            var digits = phone.TrimStart('+');
            var national = digits.TrimStart('0');
            return [national.Length is 0 || national == digits ? [digits] : [digits, national]];
        }

        // A mail address, a card or a number with hyphens is one word in the index; the words of a name are several.
        var whole = SearchText.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. whole.Take(8).OrderByDescending(word => word.Length).Select(word => (IReadOnlyList<string>)[word])];
    }

    private static string? Tidy(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool IsCode(string text) => text.Length <= 40 && !text.Any(char.IsControl);

    /// <summary>Whether a text looks like name@example.com.</summary>
    public static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text.Length <= 254 && at > 0 && at == text.LastIndexOf('@') && at < text.Length - 3
            && text.IndexOf('.', at) is var dot && dot > at + 1 && dot < text.Length - 1 && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter));
    }
}
