. "$(dirname "${BASH_SOURCE[0]}")/mini.sh"
