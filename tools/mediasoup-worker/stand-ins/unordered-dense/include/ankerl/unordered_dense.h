// The names of ankerl::unordered_dense that the worker uses, on the standard
// containers. Those promise more (references stay valid, erase() keeps the other
// iterators); what only the original offers is missing here and so fails to
// compile instead of misbehaving.
#ifndef VOICEBUS_UNORDERED_DENSE_STAND_IN_H
#define VOICEBUS_UNORDERED_DENSE_STAND_IN_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	// The standard library hashes an integer to itself. The worker combines such
	// hashes of ports and addresses, whose low bits are alike: mix them first
	// (the finalizer of splitmix64, https://prng.di.unimi.it/splitmix64.c).
	inline std::uint64_t mix(std::uint64_t value) noexcept
	{
		value += 0x9e3779b97f4a7c15ULL;
		value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
		value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;

		return value ^ (value >> 31);
	}

	template<typename T, typename Enable = void>
	struct hash : std::hash<T>
	{
	};

	template<typename T>
	struct hash<T, std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>>>
	{
		std::size_t operator()(T value) const noexcept
		{
			return static_cast<std::size_t>(mix(static_cast<std::uint64_t>(value)));
		}
	};

	template<typename T>
	struct hash<T*>
	{
		std::size_t operator()(T* value) const noexcept
		{
			return static_cast<std::size_t>(mix(reinterpret_cast<std::uintptr_t>(value)));
		}
	};

	template<typename Key, typename Value, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using map = std::unordered_map<Key, Value, Hash, Equal>;

	template<typename Key, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense

#endif
